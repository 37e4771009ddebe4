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

    /// <summary>When the bot may send again.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>By the clock of the one who took it.</summary>
    public DateTimeOffset TakenAt { get; set; }
}
