using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Ops.Messages;

/// <summary>
/// The queues of what waits for an operator: <c>[service]_error</c>, where messages go that a service has tried five times in vain, and
/// <c>[service]_skipped</c>, where those go that it has no handler for.
/// </summary>
/// <remarks>
/// Over AMQP and not the broker's management pages: those can take a message or put it back, but not take it once its copy has
/// arrived, and whoever dies in between would lose it.
/// </remarks>
internal sealed class ErrorQueues : IAsyncDisposable
{
    private const string Returned = "x-delivery-count";

    /// <summary>
    /// Every look at a message counts as a failed delivery of it, and from version 4 on RabbitMQ drops a message at the twentieth. So
    /// whatever was looked at this often is replaced by a copy, at the end of its queue.
    /// </summary>
    private const int Looks = 10;

    private static readonly FailureKind[] Kinds = [FailureKind.Failed, FailureKind.Skipped];

    private readonly IConnection _connection;

    private ErrorQueues(IConnection connection) => _connection = connection;

    public static async Task<ErrorQueues> Connect(Uri broker, CancellationToken ct) =>
        new(await new ConnectionFactory { Uri = broker, ClientProvidedName = "platform messages", AutomaticRecoveryEnabled = false }.CreateConnectionAsync(ct));

    /// <returns>How many messages of a service lie there.</returns>
    public async Task<uint> Count(string service, CancellationToken ct)
    {
        var count = 0u;
        foreach (var kind in Kinds)
        {
            count += await CountIn(QueueOf(service, kind), ct);
        }

        return count;
    }

    /// <summary>The oldest messages of a service. They stay where they are.</summary>
    /// <param name="limit">Not more than this are looked at; null for all.</param>
    public async Task<IReadOnlyList<FailedMessage>> Look(string service, uint? limit, Func<FailedMessage, bool> isWanted, CancellationToken ct)
    {
        var found = new List<FailedMessage>();
        await Visit(service, limit, Take, ct);
        return found;

        Fate Take(FailedMessage message)
        {
            if (isWanted(message))
            {
                found.Add(message);
            }

            return Fate.Stays;
        }
    }

    /// <summary>Sends messages to their service again, those that were there at the beginning. Each is in one of the two queues at every moment.</summary>
    /// <param name="moved">Told each one when it has arrived.</param>
    public Task Requeue(string service, Func<FailedMessage, bool> isChosen, Action<FailedMessage> moved, CancellationToken ct) =>
        Visit(service, limit: null, message => isChosen(message) ? Fate.GoesBack : Fate.Stays, ct, moved);

    /// <summary>Deletes messages, those that were there at the beginning.</summary>
    /// <param name="discarded">Told each one when it is gone.</param>
    public Task Discard(string service, Func<FailedMessage, bool> isChosen, Action<FailedMessage> discarded, CancellationToken ct) =>
        Visit(service, limit: null, message => isChosen(message) ? Fate.Goes : Fate.Stays, ct, discarded);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string QueueOf(string service, FailureKind kind) => kind is FailureKind.Failed ? $"{service}_error" : $"{service}_skipped";

    private async Task<uint> CountIn(string queue, CancellationToken ct)
    {
        // A channel of its own: asking for a queue that is not there closes it.
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

    private async Task Visit(string service, uint? limit, Func<FailedMessage, Fate> decide, CancellationToken ct, Action<FailedMessage>? done = null)
    {
        // What fails again meanwhile, and comes back, is not visited: nobody would ever be done.
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

    private async Task Visit(string service, FailureKind kind, uint left, Func<FailedMessage, Fate> decide, Action<FailedMessage>? done, CancellationToken ct)
    {
        var queue = QueueOf(service, kind);
        // Every publishing waits for the broker's word that the message is in the other queue.
        await using var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
        ulong? last = null;
        for (; left > 0 && await channel.BasicGetAsync(queue, autoAck: false, ct) is { } delivery; left--)
        {
            var message = FailedMessage.Read(service, kind, delivery);
            var fate = decide(message);
            if (fate is not Fate.Stays)
            {
                if (fate is Fate.GoesBack)
                {
                    await Publish(channel, service, AsSent(delivery.BasicProperties), delivery.Body, ct);
                }

                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, CancellationToken.None);
                done?.Invoke(message);
            }
            else if (LooksAt(delivery) >= Looks)
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

        // The broker has done it all when it answers this.
        await channel.CloseAsync(CancellationToken.None);
    }

    private static async Task Publish(IChannel channel, string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        properties.Headers?.Remove(Returned);
        properties.Persistent = true;
        try
        {
            await channel.BasicPublishAsync(exchange: "", queue, mandatory: true, properties, body, ct);
        }
        catch (PublishException e) when (e.IsReturn)
        {
            throw new IOException($"There is no queue '{queue}': the message stays where it is. The migrations of the service make its queue.", e);
        }
    }

    private static BasicProperties AsSent(IReadOnlyBasicProperties properties) => new(properties)
    {
        Headers = properties.Headers?.Where(header => !FailedMessage.IsAddedOnTheWay(header.Key)).ToDictionary(),
    };

    private static long LooksAt(BasicGetResult delivery) =>
        delivery.BasicProperties.Headers?.TryGetValue(Returned, out var count) is true && count is not null ? Convert.ToInt64(count, null) : 0;

    private enum Fate
    {
        Stays,
        GoesBack,
        Goes,
    }
}
