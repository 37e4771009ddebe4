using Platform.Contracts;

namespace Platform.Notifications.Delivery;

/// <summary>A message that a sender has taken: the database says <c>sending</c> before anybody is called.</summary>
internal sealed class TakenMessage
{
    public required NotificationId Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>1 the first time.</summary>
    public required int Attempt { get; init; }

    public required TelegramId TelegramId { get; init; }

    public required string Template { get; init; }

    /// <summary>JSON: the text's values.</summary>
    public required string Parameters { get; init; }

    public required string Language { get; init; }

    /// <summary>W3C trace context of the event that it tells of.</summary>
    public string? Traceparent { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>By the clock of the one who took it.</summary>
    public required DateTimeOffset TakenAt { get; init; }
}

/// <summary>What a sender gets when it asks for its next message.</summary>
/// <param name="Message">Null when nothing is due, or when the bot's pace does not allow it yet.</param>
/// <param name="NextAt">When the bot may send again; null when nothing is due.</param>
internal sealed record Turn(TakenMessage? Message, DateTimeOffset? NextAt);

/// <summary>As <c>take_next</c> gives it: the message's columns are null when there is none.</summary>
internal sealed class TurnRow
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

    public TakenMessage? Taken(DateTimeOffset at) => Id is not { } id ? null : new TakenMessage
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
