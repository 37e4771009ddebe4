using Platform.Contracts;
using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>
/// Declares a service's queue, its error queue and its skipped queue. A queue that an older version declared with other arguments is
/// replaced, since the broker never changes a queue's arguments (406).
/// </summary>
internal sealed class ServiceQueue(IConnection connection, string name)
{
    /// <summary>
    /// How often a message may return unacknowledged, because the process died or lost its connection, before it goes to the error
    /// queue. By default RabbitMQ 4 drops it after 20 returns and RabbitMQ 3 redelivers it forever.
    /// </summary>
    public const int DeliveryLimit = 100;

    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum" };

    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    /// <summary>Holds the messages while the queue is replaced.</summary>
    private string HoldingQueue => $"{name}_held";

    /// <summary>The service queue's arguments beyond those of a plain quorum queue.</summary>
    public static IReadOnlyDictionary<string, object> ArgumentsOf(string queue) => new Dictionary<string, object>
    {
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = ErrorsOf(queue),
        // A message leaves the queue only once the error queue has it. The broker requires reject-publish for that.
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    /// <summary>Queue of messages that the service failed to handle.</summary>
    public static string ErrorsOf(string queue) => $"{queue}_error";

    /// <summary>Queue of messages that the service has no handler for.</summary>
    public static string SkippedOf(string queue) => $"{queue}_skipped";

    /// <summary>Call before the queue is declared: declares the error and skipped queues, and removes a queue with outdated arguments.</summary>
    /// <exception cref="QueueInUseException">The outdated queue still has a consumer.</exception>
    public async Task Prepare(CancellationToken ct)
    {
        await Declare(ErrorsOf(name), Quorum, ct);
        await Declare(SkippedOf(name), Quorum, ct);
        if (await Find(name, ct) is not { } found || await HasCurrentArguments(ct))
        {
            return;
        }

        if (found.ConsumerCount > 0)
        {
            throw new QueueInUseException(name);
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await Declare(HoldingQueue, Quorum, ct);
        // From here on events go to both queues. None is lost, and the inbox ignores duplicates.
        await channel.QueueBindAsync(HoldingQueue, exchange: name, routingKey: "", cancellationToken: ct);
        await MoveAll(name, HoldingQueue, ct);
        await channel.QueueDeleteAsync(name, ifUnused: false, ifEmpty: false, cancellationToken: ct);
    }

    public Task Declare(CancellationToken ct) => Declare(name, Current, ct);

    /// <summary>Call after the queue is declared and bound: returns the held messages, also those of an interrupted run.</summary>
    public async Task RestoreHeld(CancellationToken ct)
    {
        if (await Find(HoldingQueue, ct) is null)
        {
            return;
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.QueueUnbindAsync(HoldingQueue, exchange: name, routingKey: "", arguments: null, ct);
        await MoveAll(HoldingQueue, name, ct);
        await channel.QueueDeleteAsync(HoldingQueue, ifUnused: false, ifEmpty: false, cancellationToken: ct);
    }

    private Dictionary<string, object?> Current =>
        Quorum.Concat(ArgumentsOf(name).Select(argument => KeyValuePair.Create(argument.Key, (object?)argument.Value))).ToDictionary();

    private async Task Declare(string queue, IDictionary<string, object?> arguments, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: ct);
    }

    private async Task<bool> HasCurrentArguments(CancellationToken ct)
    {
        try
        {
            await Declare(ct);
            return true;
        }
        catch (OperationInterruptedException refusal) when (refusal.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            return false;
        }
    }

    private async Task<QueueDeclareOk?> Find(string queue, CancellationToken ct)
    {
        // A separate channel, since the broker closes it when the queue does not exist.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, ct);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    private async Task MoveAll(string from, string to, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(Confirmed, ct);
        while (await channel.BasicGetAsync(from, autoAck: false, ct) is { } message)
        {
            var properties = new BasicProperties(message.BasicProperties);
            properties.Headers?.Remove("x-delivery-count");
            await channel.BasicPublishAsync(exchange: "", to, mandatory: true, properties, message.Body, ct);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, ct);
        }
    }
}

/// <summary>The queue must be replaced, which requires that it has no consumer.</summary>
internal sealed class QueueInUseException(string queue)
    : VerbFailedException(
        $"The queue '{queue}' was declared by an older version and must be replaced. Stop the service '{queue}' and run migrate again.", ExitCode.Busy);
