using System.Diagnostics;
using MassTransit;
using Platform.Contracts;
using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>
/// Declares the service's exchanges, queues and bindings, without consuming. A step of <c>migrate</c>, since an event that is
/// published before a queue is bound would be confirmed and lost.
/// </summary>
internal sealed class TopologyDeployment(Uri broker, ServiceName service, Events events, IServiceProvider services)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A deployment may start everything at once, and the broker starts slowly.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan DeclareTimeout = TimeSpan.FromSeconds(30);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await Connect(ct);
        await AcquireLock(connection, ct);
        var queue = events.HandledEvents.Count > 0 ? new ServiceQueue(connection, service.Value) : null;
        if (queue is not null)
        {
            await queue.Prepare(ct);
        }

        var bus = services.GetRequiredService<IBusControl>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(DeclareTimeout);
        try
        {
            await bus.StartAsync(limit.Token).WaitAsync(limit.Token);
            await bus.StopAsync(limit.Token).WaitAsync(limit.Token);
        }
        // When a connection breaks while it is being opened, the bus may wait forever.
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new BrokerLostException(
                $"The broker did not declare the queue '{service.Value}' within {DeclareTimeout.TotalSeconds:0} s. Run migrate again.");
        }

        if (queue is not null)
        {
            await queue.RestoreHeld(ct);
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
            catch (BrokerUnreachableException away)
                when (away.InnerException is not AuthenticationFailureException && Stopwatch.GetElapsedTime(started) < ConnectTimeout)
            {
                await Task.Delay(RetryEvery, ct);
            }
        }
    }

    /// <summary>An exclusive queue serves as the lock: one connection has it until it closes, and the broker refuses it to all others.</summary>
    private async Task AcquireLock(IConnection connection, CancellationToken ct)
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
                await Task.Delay(RetryEvery, ct);
            }
        }
    }
}

/// <summary>The connection broke while it was being opened (decision 10). Only a new process can connect.</summary>
internal sealed class BrokerLostException(string message) : VerbFailedException(message, ExitCode.BrokerLost);
