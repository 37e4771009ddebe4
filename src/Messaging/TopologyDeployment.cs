using System.Diagnostics;
using MassTransit;
using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>
/// Declares the service's exchanges, its queue and their bindings, and starts nothing. A step of <c>migrate</c>, since an
/// event that is published before a queue is bound to it is confirmed and lost.
/// </summary>
internal sealed class TopologyDeployment(Uri broker, ServiceName service, Events events, IServiceProvider services)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A deployment may start everything at once, and the broker takes its time.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan DeclareWithin = TimeSpan.FromSeconds(30);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await Connect(ct);
        await TakeTurn(connection, ct);
        var queue = events.HandledEvents.Count > 0 ? new ServiceQueue(connection, service.Value) : null;
        if (queue is not null)
        {
            await queue.Prepare(ct);
        }

        var bus = services.GetRequiredService<IBusControl>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(DeclareWithin);
        try
        {
            await bus.StartAsync(limit.Token).WaitAsync(limit.Token);
            await bus.StopAsync(limit.Token).WaitAsync(limit.Token);
        }
        // A connection that breaks while it is being made can leave the bus waiting for ever.
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new BrokerLostException($"The broker did not declare the queue '{service.Value}' within {DeclareWithin.TotalSeconds:0} s. Run migrate again.");
        }

        if (queue is not null)
        {
            await queue.PutBackHeld(ct);
        }
    }

    private async Task<IConnection> Connect(CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = broker, ClientProvidedName = $"{service.Value} migrate", AutomaticRecoveryEnabled = false };
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await factory.CreateConnectionAsync(ct);
            }
            catch (BrokerUnreachableException away) when (away.InnerException is not AuthenticationFailureException && Stopwatch.GetElapsedTime(started) < ConnectWithin)
            {
                await Task.Delay(LookEvery, ct);
            }
        }
    }

    /// <summary>One at a time, until the connection ends: a queue that belongs to one connection is refused to every other.</summary>
    private async Task TakeTurn(IConnection connection, CancellationToken ct)
    {
        while (true)
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            try
            {
                await channel.QueueDeclareAsync($"{service.Value} migrate", durable: false, exclusive: true, autoDelete: true, cancellationToken: ct);
                return;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.ResourceLocked)
            {
                await channel.DisposeAsync();
                await Task.Delay(LookEvery, ct);
            }
        }
    }
}

/// <summary>The connection was lost for good while it was being made (decision 10): another process is needed.</summary>
internal sealed class BrokerLostException(string message) : VerbFailedException(message, ExitCode.BrokerLost);
