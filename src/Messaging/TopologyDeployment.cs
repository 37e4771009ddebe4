using System.Diagnostics;
using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>Declares exchanges, queues and bindings in <c>migrate</c>: an event published before a queue is bound would be confirmed and lost.</summary>
/// <remarks>MassTransit's bus declares the same, but one that only starts and stops again can wait for its own connection forever.</remarks>
internal sealed class TopologyDeployment(Uri broker, ServiceName service, Events events)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A deployment may start everything at once, and the broker starts slowly.</summary>
    private static readonly TimeSpan RetryFor = TimeSpan.FromMinutes(1);

    public async Task Run(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await Deploy(ct);
                return;
            }
            // Each part may be repeated, also after an interrupted run.
            catch (Exception fault) when (IsConnectionFault(fault) && Stopwatch.GetElapsedTime(started) < RetryFor)
            {
                await Task.Delay(RetryEvery, ct);
            }
        }
    }

    private async Task Deploy(CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = broker, ClientProvidedName = $"{service.Value} migrate", AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await AcquireLock(connection, ct);

        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        foreach (var type in events.PublishedEvents.Select(published => published.Type).Concat(events.HandledEvents.Select(handled => handled.Type)))
        {
            await DeclareExchange(channel, ExchangeOf(type), ct);
        }

        if (events.HandledEvents.Count > 0)
        {
            var queue = new ServiceQueue(connection, service.Value);
            await DeclareExchange(channel, service.Value, ct);
            await queue.Prepare(ct);
            await queue.Declare(ct);
            await channel.QueueBindAsync(service.Value, exchange: service.Value, routingKey: "", cancellationToken: ct);
            foreach (var handled in events.HandledEvents)
            {
                await channel.ExchangeBindAsync(service.Value, source: ExchangeOf(handled.Type), routingKey: "", cancellationToken: ct);
            }

            await queue.RestoreHeld(ct);
        }
    }

    private static string ExchangeOf(Type type) => $"{type.Namespace}:{type.Name}";

    private static Task DeclareExchange(IChannel channel, string exchange, CancellationToken ct) =>
        channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);

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

    private static bool IsConnectionFault(Exception fault) => fault switch
    {
        BrokerUnreachableException => fault.InnerException is not AuthenticationFailureException,
        OperationInterruptedException { ShutdownReason.ReplyCode: Constants.PreconditionFailed or Constants.AccessRefused or Constants.NotFound } => false,
        OperationInterruptedException or IOException => true,
        _ => false,
    };
}
