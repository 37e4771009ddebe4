using Platform.Contracts;

namespace Platform.Users.Activity;

/// <summary>A row of the view <c>user_stats</c>: a person who is not erased.</summary>
internal sealed class UserStats
{
    public UserId UserId { get; private init; }

    public DateTimeOffset RegisteredAt { get; private init; }

    public string Channel { get; private init; } = "";

    public UserId? ReferralUserId { get; private init; }

    public DateOnly? LastActive { get; private init; }

    public long Orders { get; private init; }

    public long Lessons { get; private init; }

    public long Letters { get; private init; }

    public Money Spent { get; private init; }
}

/// <summary>A row of the view <c>user_activity</c>: everyone's activity of one kind on one day.</summary>
internal sealed class UserActivity
{
    public DateOnly Day { get; private init; }

    public ActivityKind Kind { get; private init; }

    public long People { get; private init; }

    public long Count { get; private init; }

    /// <summary>Roubles paid for orders, less refunds made on this day.</summary>
    public Money Spent { get; private init; }
}
