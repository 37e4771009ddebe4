using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

public class ResourceNotificationService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IResource, ResourceEvent> _latest = [];
    private readonly HashSet<Channel<ResourceEvent>> _watchers = [];

    internal ResourceNotificationService()
    {
    }

    /// <summary>The latest event of every resource, then every new one.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var latest in _latest.Values)
            {
                channel.Writer.TryWrite(latest);
            }

            _watchers.Add(channel);
        }

        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    internal void Publish(IResource resource, CustomResourceSnapshot snapshot)
    {
        lock (_lock)
        {
            var happened = _latest[resource] = new ResourceEvent(resource, resource.Name, snapshot);
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(happened);
            }
        }
    }

    internal async Task<CustomResourceSnapshot> Wait(IResource resource, Func<CustomResourceSnapshot, bool> until, CancellationToken ct)
    {
        await foreach (var happened in WatchAsync(ct))
        {
            if (happened.Resource == resource && until(happened.Snapshot))
            {
                return happened.Snapshot;
            }
        }

        throw new OperationCanceledException(ct);
    }
}

public class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        if (commandName != KnownResourceCommands.StartCommand)
        {
            return Task.FromResult(new ExecuteCommandResult { Success = false, Message = $"There is no command '{commandName}' here." });
        }

        _orchestrator.Start(resource);
        return Task.FromResult(new ExecuteCommandResult { Success = true });
    }
}
