using System.Text.Json;
using Platform.Contracts;

namespace Platform.Notifications.Messages;

/// <summary>One message to one person: what it tells of, and how far its delivery has come.</summary>
/// <remarks>
/// The text is not stored: it is rendered from <see cref="Template"/> and <see cref="Parameters"/> when it is read or
/// sent, in the language that the person has then.
/// </remarks>
internal sealed class Notification
{
    public required NotificationId Id { get; init; }

    public required UserId UserId { get; init; }

    public required NotificationCategory Category { get; init; }

    /// <summary>Key of the text, such as <c>order_placed</c>.</summary>
    public required string Template { get; init; }

    /// <summary>
    /// What it tells of, such as <c>order:17</c>. A person is told of one thing by one template once, however often the
    /// event comes: unique together with <see cref="CreatedAt"/>, which is the event's own time and so the same in each delivery.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>Values of the text's named placeholders: numbers and strings.</summary>
    public required JsonDocument Parameters { get; init; }

    public required NotificationStatus Status { get; init; }

    public int Attempts { get; init; }

    /// <summary>Not to be sent earlier; null when it may go at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When that happened which it tells of. The table is partitioned by month on it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The number that the channel gave to the message, once it was sent: unique in the chat of <see cref="Bot"/>.</summary>
    public string? MessageId { get; init; }

    /// <summary>The bot that has taken it last; null before.</summary>
    public string? Bot { get; init; }

    /// <summary>W3C trace context of the event that it tells of, which its sending continues.</summary>
    public string? Traceparent { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }
}

/// <summary>What kind of message it is: whether it waits for the end of quiet hours, and what the person can opt out of.</summary>
public enum NotificationCategory
{
    /// <summary>Tells of something that the person did or paid: never waits, cannot be opted out of.</summary>
    Transactional,

    /// <summary>News of his own standing, such as a new level.</summary>
    Personal,
}

/// <summary>How far a notification has come.</summary>
public enum NotificationStatus
{
    /// <summary>Waits to be sent.</summary>
    Queued,

    /// <summary>A sender has taken it.</summary>
    Sending,

    /// <summary>The channel has confirmed it.</summary>
    Sent,

    /// <summary>The channel refuses it for good; see its error.</summary>
    Failed,

    /// <summary>Deliberately not sent: the person was erased, or no bot can write to him; see its error.</summary>
    Suppressed,

    /// <summary>The sender was cut off after the call began: it may have arrived, so it is never blindly sent again.</summary>
    Uncertain,
}
