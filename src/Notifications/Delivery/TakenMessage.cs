using Platform.Contracts;

namespace Platform.Notifications.Delivery;

/// <summary>A message taken by a sender. The database says <c>sending</c> before the call is made.</summary>
internal sealed class TakenMessage
{
    public required NotificationId Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Counts from 1.</summary>
    public required int Attempt { get; init; }

    public required TelegramId TelegramId { get; init; }

    public required string Template { get; init; }

    /// <summary>JSON with the values of the text's placeholders.</summary>
    public required string Parameters { get; init; }

    public required string Language { get; init; }

    /// <summary>W3C trace context of the event that caused it.</summary>
    public string? Traceparent { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>By the sender's clock.</summary>
    public required DateTimeOffset TakenAt { get; init; }
}

/// <param name="Message">Null when nothing is due, or when the bot's rate limit does not allow it yet.</param>
/// <param name="NextAt">When the bot may send again; null when nothing is due.</param>
internal sealed record NextMessage(TakenMessage? Message, DateTimeOffset? NextAt);

/// <summary>The row of <c>take_next</c>. The message's columns are null when there is no message.</summary>
internal sealed class NextMessageRow
{
    public NotificationId? Id { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public int? Attempt { get; init; }

    public TelegramId? TelegramId { get; init; }

    public string? Template { get; init; }

    public string? Parameters { get; init; }

    public string? Language { get; init; }

    public string? Traceparent { get; init; }

    public DateTimeOffset? QueuedAt { get; init; }

    public DateTimeOffset? NextAt { get; init; }

    public TakenMessage? TakenAt(DateTimeOffset at) => Id is not { } id ? null : new TakenMessage
    {
        Id = id,
        CreatedAt = CreatedAt!.Value,
        Attempt = Attempt!.Value,
        TelegramId = TelegramId!.Value,
        Template = Template!,
        Parameters = Parameters!,
        Language = Language!,
        Traceparent = Traceparent,
        QueuedAt = QueuedAt!.Value,
        TakenAt = at,
    };
}
