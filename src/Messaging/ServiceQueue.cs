using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>
/// A service's queue and the two beside it: what they are declared with, and how a queue that an older version declared otherwise is
/// replaced, since the broker never changes a queue's arguments (406).
/// </summary>
internal sealed class ServiceQueue(IConnection connection, string name)
{
    /// <summary>
    /// How often a message may come back unacknowledged, because the process died or lost its connection, before it is put aside in the
    /// error queue. RabbitMQ 4 drops it at the twentieth time when nothing is said; RabbitMQ 3 would let it come back for ever.
    /// </summary>
    public const int DeliveryLimit = 100;

    /// <summary>What every queue of the platform is.</summary>
    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum" };

    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private string Held => $"{name}_held";

    /// <summary>What tells this queue from the plain quorum queues beside it.</summary>
    public static IReadOnlyDictionary<string, object> ArgumentsOf(string queue) => new Dictionary<string, object>
    {
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = ErrorsOf(queue),
        // A message leaves the queue only once it has arrived in the other; the broker allows it to queues that refuse, and never drop, what is too much.
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    /// <summary>Where messages go that the service cannot handle.</summary>
    public static string ErrorsOf(string queue) => $"{queue}_error";

    /// <summary>Where messages go that the service has no handler for.</summary>
    public static string SkippedOf(string queue) => $"{queue}_skipped";

    /// <summary>Before the queue is declared: makes what it leads to, and room for it where an older one is in the way.</summary>
    /// <exception cref="QueueInUseException">An older queue is in the way, and somebody consumes it.</exception>
    public async Task Prepare(CancellationToken ct)
    {
        await Declare(ErrorsOf(name), Quorum, ct);
        await Declare(SkippedOf(name), Quorum, ct);
        if (await Find(name, ct) is not { } found || await IsDeclaredAsItShould(ct))
        {
            return;
        }

        if (found.ConsumerCount > 0)
        {
            throw new QueueInUseException(name);
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await Declare(Held, Quorum, ct);
        // From here on events go to both queues: none is missed, and what comes twice is known by its id.
        await channel.QueueBindAsync(Held, exchange: name, routingKey: "", cancellationToken: ct);
        await MoveAll(name, Held, ct);
        await channel.QueueDeleteAsync(name, ifUnused: false, ifEmpty: false, cancellationToken: ct);
    }

    /// <summary>After the queue is declared and bound: puts back what was held meanwhile, also by a run that broke off.</summary>
    public async Task PutBackHeld(CancellationToken ct)
    {
        if (await Find(Held, ct) is null)
        {
            return;
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.QueueUnbindAsync(Held, exchange: name, routingKey: "", arguments: null, ct);
        await MoveAll(Held, name, ct);
        await channel.QueueDeleteAsync(Held, ifUnused: false, ifEmpty: false, cancellationToken: ct);
    }

    private async Task Declare(string queue, IDictionary<string, object?> arguments, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: ct);
    }

    private async Task<bool> IsDeclaredAsItShould(CancellationToken ct)
    {
        try
        {
            await Declare(name, Quorum.Concat(ArgumentsOf(name).Select(item => KeyValuePair.Create(item.Key, (object?)item.Value))).ToDictionary(), ct);
            return true;
        }
        catch (OperationInterruptedException refusal) when (refusal.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            return false;
        }
    }

    private async Task<QueueDeclareOk?> Find(string queue, CancellationToken ct)
    {
        // A channel of its own: asking for a queue that is not there closes it.
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

/// <summary>The queue must be replaced, which only works while nobody consumes it.</summary>
internal sealed class QueueInUseException(string queue)
    : VerbFailedException(
        $"The queue '{queue}' was declared by an older version and must be replaced. Stop the service '{queue}' and migrate again.", ExitCode.Busy);
