using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MassTransit;

namespace Platform.Testing;

/// <summary>Counts the messages that a service has handled, after the last consumer of each. Ignored messages count too.</summary>
public sealed class HandledMessages : IReceiveObserver
{
    private readonly ConcurrentDictionary<Guid, int> _countById = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How often this message was dealt with: more than once when it was delivered again.</summary>
    public int CountOf(Guid messageId) => _countById.GetValueOrDefault(messageId);

    public Task PostReceive(ReceiveContext context)
    {
        // From the envelope: the context has no id before it is deserialized.
        if ((string?)JsonNode.Parse(context.Body.GetString())?["messageId"] is { } messageId)
        {
            _countById.AddOrUpdate(Guid.Parse(messageId), 1, (_, count) => count + 1);
        }

        Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
