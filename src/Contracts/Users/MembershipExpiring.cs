namespace Platform.Contracts.Users;

/// <summary>A premium membership ends soon. Published 7 days and 1 day before.</summary>
/// <remarks>
/// Consumers: notifications. Published at most once per reminder and <see cref="ExpiresAt"/>. After downtime a missed reminder comes late;
/// if both were missed, only the later one comes. Delivery is at least once and unordered: deduplicate on <see cref="UserId"/>,
/// <see cref="ExpiresAt"/> and <see cref="Reminder"/>.
/// </remarks>
public sealed record MembershipExpiring
{
    public required UserId UserId { get; init; }

    public required string MemberId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The reminder: days before the end at which it was due, 7 or 1.</summary>
    public required int Reminder { get; init; }

    /// <summary>Days actually left, rounded up; from 1 to <see cref="Reminder"/>.</summary>
    public required int DaysLeft { get; init; }
}
