namespace Platform.Contracts.Users;

/// <summary>A premium membership ends soon: a reminder, 7 days and 1 day before.</summary>
/// <remarks>
/// Consumers: notifications. At most once per reminder and <see cref="ExpiresAt"/>; one whose moment passed while nothing ran comes late,
/// and of two such only the later. Delivery is at least once and unordered: deduplicate on <see cref="UserId"/>, <see cref="ExpiresAt"/>
/// and <see cref="Reminder"/>.
/// </remarks>
public sealed record MembershipExpiring
{
    public required UserId UserId { get; init; }

    public required string MemberId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Which of the reminders it is: the days before the end at which it was due, 7 or 1.</summary>
    public required int Reminder { get; init; }

    /// <summary>Days that are really left, begun ones counted whole; from 1 up to <see cref="Reminder"/>.</summary>
    public required int DaysLeft { get; init; }
}
