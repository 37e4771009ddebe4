using System.Text.Json;
using Platform.Contracts;

namespace Platform.Notifications.Messages;

/// <summary>One message to one person, and its delivery status.</summary>
/// <remarks>
/// The text is not stored: it is rendered from <see cref="Template"/> and <see cref="Parameters"/> when it is read or sent, in the
/// person's language at that time.
/// </remarks>
internal sealed class Notification
{
    public required NotificationId Id { get; init; }

    public required UserId UserId { get; init; }

    public required NotificationCategory Category { get; init; }

    /// <summary>Key of the text, such as <c>order_placed</c>.</summary>
    public required string Template { get; init; }

    /// <summary>
    /// What it is about, such as <c>order:17</c>. Unique per person and template together with <see cref="CreatedAt"/>, which is the
    /// event's own time and so the same in each delivery: a repeated event adds nothing.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>Values of the text's named placeholders: numbers and strings.</summary>
    public required JsonDocument Parameters { get; init; }

    public required NotificationStatus Status { get; init; }

    public int Attempts { get; init; }

    /// <summary>Earliest time to send it; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the event happened. The table is partitioned by month on it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The channel's id of the sent message, unique within the chat of <see cref="Bot"/>; null until it is sent.</summary>
    public string? MessageId { get; init; }

    /// <summary>The bot that took it last; null until then.</summary>
    public string? Bot { get; init; }

    /// <summary>W3C trace context of the event that caused it; sending continues that trace.</summary>
    public string? Traceparent { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }
}

/// <summary>Kind of message, those that are sent first at the top.</summary>
public enum NotificationCategory
{
    /// <summary>About something that the person did or paid for; sent first.</summary>
    Transactional,

    /// <summary>About the person's own status, such as a new level.</summary>
    Personal,

    /// <summary>Of something that will end. A person may switch it off.</summary>
    Reminder,

    /// <summary>Sent to many people at once, after everything else. A person may switch it off.</summary>
    Marketing,
}

public enum NotificationStatus
{
    Queued,

    Sending,

    /// <summary>Confirmed by the channel.</summary>
    Sent,

    /// <summary>Refused permanently by the channel; see its error.</summary>
    Failed,

    /// <summary>Deliberately not sent: the person was erased or does not want such messages, or no bot can write to them; see its error.</summary>
    Suppressed,

    /// <summary>The sender was cut off during the call. It may have arrived, so it is not resent automatically.</summary>
    Uncertain,
}
