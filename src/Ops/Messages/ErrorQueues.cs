using Platform.Ops.Services;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Ops.Messages;

/// <summary>The queues that wait for an operator: <c>[service]_error</c>, after five failures, and <c>[service]_skipped</c>, without a handler.</summary>
/// <remarks>AMQP, since the management API cannot delete a message only after its copy has arrived: a crash in between would lose it.</remarks>
internal sealed class ErrorQueues : IAsyncDisposable
{
    private const string DeliveryCount = "x-delivery-count";

    /// <summary>RabbitMQ 4 drops a message at its twentieth delivery, and reading counts. One read this often is replaced by a copy.</summary>
    private const int MaxReads = 10;

    private static readonly FailureKind[] Kinds = [FailureKind.Failed, FailureKind.Skipped];

    private readonly IConnection _connection;

    private ErrorQueues(IConnection connection) => _connection = connection;

    public static async Task<ErrorQueues> Connect(Uri broker, CancellationToken ct) =>
        new(await BrokerConnection.Open(broker, "platform messages", ct));

    /// <returns>The number of messages of a service in both queues.</returns>
    public async Task<uint> Count(string service, CancellationToken ct)
    {
        var count = 0u;
        foreach (var kind in Kinds)
        {
            count += await CountIn(QueueOf(service, kind), ct);
        }

        return count;
    }

    /// <summary>Reads the oldest messages of a service and leaves them in place.</summary>
    /// <param name="limit">How many to read at most; null for all.</param>
    public async Task<IReadOnlyList<FailedMessage>> Peek(string service, uint? limit, Func<FailedMessage, bool> isWanted, CancellationToken ct)
    {
        var found = new List<FailedMessage>();
        await Visit(service, limit, Take, ct);
        return found;

        Decision Take(FailedMessage message)
        {
            if (isWanted(message))
            {
                found.Add(message);
            }

            return Decision.Keep;
        }
    }

    /// <summary>Sends messages that are there now to their service again. Each is in one of the two queues at any moment.</summary>
    /// <param name="moved">Called for each message once it has arrived.</param>
    public Task Requeue(string service, Func<FailedMessage, bool> isChosen, Action<FailedMessage> moved, CancellationToken ct) =>
        Visit(service, limit: null, message => isChosen(message) ? Decision.Requeue : Decision.Keep, ct, moved);

    /// <summary>Deletes messages that are there now.</summary>
    /// <param name="discarded">Called for each message once it is deleted.</param>
    public Task Discard(string service, Func<FailedMessage, bool> isChosen, Action<FailedMessage> discarded, CancellationToken ct) =>
        Visit(service, limit: null, message => isChosen(message) ? Decision.Discard : Decision.Keep, ct, discarded);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string QueueOf(string service, FailureKind kind) => kind is FailureKind.Failed ? $"{service}_error" : $"{service}_skipped";

    private async Task<uint> CountIn(string queue, CancellationToken ct)
    {
        // On its own channel: asking for a queue that does not exist closes the channel.
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    private async Task Visit(string service, uint? limit, Func<FailedMessage, Decision> decide, CancellationToken ct, Action<FailedMessage>? done = null)
    {
        // Messages that fail again during the visit are not visited, or it might never end.
        var left = limit ?? uint.MaxValue;
        var counts = new List<(FailureKind Kind, uint Count)>();
        foreach (var kind in Kinds)
        {
            counts.Add((kind, Math.Min(left, await CountIn(QueueOf(service, kind), ct))));
            left -= counts[^1].Count;
        }

        foreach (var (kind, count) in counts.Where(queue => queue.Count > 0))
        {
            await Visit(service, kind, count, decide, done, ct);
        }
    }

    private async Task Visit(
        string service, FailureKind kind, uint left, Func<FailedMessage, Decision> decide, Action<FailedMessage>? done, CancellationToken ct)
    {
        var queue = QueueOf(service, kind);
        // With confirms, a publish returns once the broker has stored the message in the other queue.
        await using var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
        ulong? last = null;
        for (; left > 0 && await channel.BasicGetAsync(queue, autoAck: false, ct) is { } delivery; left--)
        {
            var message = FailedMessage.Read(service, kind, delivery);
            var decision = decide(message);
            if (decision is not Decision.Keep)
            {
                if (decision is Decision.Requeue)
                {
                    await Publish(channel, service, AsSent(delivery.BasicProperties), delivery.Body, ct);
                }

                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, CancellationToken.None);
                done?.Invoke(message);
            }
            else if (ReadsOf(delivery) >= MaxReads)
            {
                await Publish(channel, queue, new BasicProperties(delivery.BasicProperties), delivery.Body, ct);
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, CancellationToken.None);
            }
            else
            {
                last = delivery.DeliveryTag;
            }
        }

        if (last is { } tag)
        {
            await channel.BasicNackAsync(tag, multiple: true, requeue: true, CancellationToken.None);
        }

        // Closing waits until the broker has processed everything.
        await channel.CloseAsync(CancellationToken.None);
    }

    private static async Task Publish(IChannel channel, string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        properties.Headers?.Remove(DeliveryCount);
        properties.Persistent = true;
        try
        {
            await channel.BasicPublishAsync(exchange: "", queue, mandatory: true, properties, body, ct);
        }
        catch (PublishException e) when (e.IsReturn)
        {
            throw new IOException($"There is no queue '{queue}', so the message stays where it is. Migrate the service to create its queue.", e);
        }
    }

    private static BasicProperties AsSent(IReadOnlyBasicProperties properties) => new(properties)
    {
        Headers = properties.Headers?.Where(header => !FailedMessage.IsAddedInTransit(header.Key)).ToDictionary(),
    };

    private static long ReadsOf(BasicGetResult delivery) =>
        delivery.BasicProperties.Headers?.TryGetValue(DeliveryCount, out var count) is true && count is not null ? Convert.ToInt64(count, null) : 0;

    private enum Decision
    {
        Keep,
        Requeue,
        Discard,
    }
}
