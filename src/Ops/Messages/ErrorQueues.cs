using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Ops.Messages;

/// <summary>
/// The error queues, <c>[service]_error</c>, where a service's messages go that it has tried five times in vain.
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

    private readonly IConnection _connection;

    private ErrorQueues(IConnection connection) => _connection = connection;

    public static async Task<ErrorQueues> Connect(Uri broker, CancellationToken ct) =>
        new(await new ConnectionFactory { Uri = broker, ClientProvidedName = "platform messages", AutomaticRecoveryEnabled = false }.CreateConnectionAsync(ct));

    /// <returns>How many messages lie there; null when there never was one, so that there is no queue.</returns>
    public async Task<uint?> Count(string service, CancellationToken ct)
    {
        // A channel of its own: asking for a queue that is not there closes it.
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(QueueOf(service), ct)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
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

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string QueueOf(string service) => $"{service}_error";

    private async Task Visit(string service, uint? limit, Func<FailedMessage, Fate> decide, CancellationToken ct, Action<FailedMessage>? moved = null)
    {
        // What fails again meanwhile, and comes back, is not visited: nobody would ever be done.
        var left = Math.Min(limit ?? uint.MaxValue, await Count(service, ct) ?? 0);

        // Every publishing waits for the broker's word that the message is in the other queue.
        await using var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
        ulong? last = null;
        for (; left > 0 && await channel.BasicGetAsync(QueueOf(service), autoAck: false, ct) is { } delivery; left--)
        {
            var message = FailedMessage.Read(service, delivery);
            if (decide(message) == Fate.GoesBack)
            {
                await Publish(channel, service, AsSent(delivery.BasicProperties), delivery.Body, ct);
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, CancellationToken.None);
                moved?.Invoke(message);
            }
            else if (LooksAt(delivery) >= Looks)
            {
                await Publish(channel, QueueOf(service), new BasicProperties(delivery.BasicProperties), delivery.Body, ct);
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
    }
}
