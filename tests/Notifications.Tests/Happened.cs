using Platform.Contracts;
using Platform.Contracts.Bots;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;

namespace Platform.Notifications.Tests;

/// <summary>Events of other services with default values.</summary>
internal static class Happened
{
    private static long _lastId = Random.Shared.NextInt64(1, 1_000_000) * 1000;

    /// <summary>In whole microseconds, like the times that Loyalty publishes.</summary>
    public static readonly DateTimeOffset Now = new(DateTime.UtcNow.Ticks / 10 * 10, TimeSpan.Zero);

    public static UserId NewUser() => new(Interlocked.Increment(ref _lastId));

    public static UserRegistered Registered(UserId user, string language = "ru", long version = 1, string fullName = "Анна Петрова",
        TelegramId? telegramId = null, string? memberId = null) => new()
    {
        UserId = user,
        TelegramId = telegramId,
        FullName = fullName,
        Language = language,
        MemberId = memberId,
        City = "Москва",
        PhoneVerified = true,
        PhoneSeenBefore = false,
        RegisteredAt = Now,
        Version = version,
    };

    public static UserUpdated Updated(UserId user, string language = "ru", long version = 2, string fullName = "Анна Петрова",
        TelegramId? telegramId = null) => new()
    {
        UserId = user,
        TelegramId = telegramId,
        FullName = fullName,
        Language = language,
        City = "Казань",
        PhoneVerified = true,
        PhoneSeenBefore = false,
        MembershipType = MembershipTypes.Free,
        UpdatedAt = Now,
        Version = version,
    };

    public static BotStarted Started(TelegramId person, DateTimeOffset? at = null, string bot = BotNames.Client) => new()
    {
        Bot = bot,
        TelegramId = person,
        StartedAt = at ?? Now,
    };

    public static OrderPlaced Order(UserId user, DateTimeOffset? at = null, decimal amount = 1250) => new()
    {
        OrderId = new OrderId(Interlocked.Increment(ref _lastId)),
        UserId = user,
        Amount = new Money(amount),
        Paid = new Money(amount),
        PointsEarned = new Points(12),
        PointsSpent = new Points(0),
        Balance = new Points(12),
        PlacedAt = at ?? Now,
    };

    public static OrderRefunded Refund(UserId user, long debt = 0) => new()
    {
        RefundId = new RefundId(Interlocked.Increment(ref _lastId)),
        OrderId = new OrderId(17),
        UserId = user,
        Amount = new Money(300),
        RefundedTotal = new Money(300),
        PointsTakenBack = new Points(3),
        PointsReturned = new Points(0),
        Balance = new Points(debt > 0 ? 0 : 9),
        Debt = new Points(debt),
        Version = 5,
        RefundedAt = Now,
    };

    /// <summary>10 p.m. UTC, which is the next day in Moscow.</summary>
    public static readonly DateTimeOffset MembershipEnd = new(2026, 2, 28, 22, 0, 0, TimeSpan.Zero);

    public static MembershipActivated Activated(UserId user, bool prolonged = false, long version = 2) => new()
    {
        UserId = user, MemberId = "MNT-7KQ2M9X7", Prolonged = prolonged, ExpiresAt = MembershipEnd, ActivatedAt = Now, Version = version,
    };

    public static MembershipExpiring Expiring(UserId user, int reminder = 7, int? daysLeft = null, DateTimeOffset? expiresAt = null) => new()
    {
        UserId = user, MemberId = "MNT-7KQ2M9X7", ExpiresAt = expiresAt ?? MembershipEnd, Reminder = reminder, DaysLeft = daysLeft ?? reminder,
    };

    public static MembershipExpired Expired(UserId user, long version = 3) => new()
    {
        UserId = user, MemberId = "MNT-7KQ2M9X7", ExpiredAt = MembershipEnd, Version = version,
    };

    public static GiftIssued Gift(UserId user, string reason = "manual", string title = "Капучино", DateTimeOffset? expiresAt = null) => new()
    {
        GiftId = new GiftId(Interlocked.Increment(ref _lastId)),
        UserId = user,
        Title = title,
        Reason = reason,
        ExpiresAt = expiresAt,
        IssuedAt = Now,
    };

    public static GiftRedeemed Redeemed(UserId user, GiftId? gift = null, DateTimeOffset? at = null) => new()
    {
        GiftId = gift ?? new GiftId(Interlocked.Increment(ref _lastId)), UserId = user, Title = "Капучино", RedeemedAt = at ?? Now,
    };

    public static PointsChanged Points(UserId user, string reason, long delta, long balance = 50) => new()
    {
        EntryId = new PointEntryId(Interlocked.Increment(ref _lastId)),
        UserId = user,
        Delta = new Points(delta),
        Balance = new Points(balance),
        Reason = reason,
        Version = 7,
        ChangedAt = Now,
    };

    public static PointsExpiring PointsEnd(UserId user, long points = 41, DateOnly? on = null) => new()
    {
        UserId = user, Points = new Points(points), ExpiresOn = on ?? new DateOnly(2026, 3, 1), WarnedAt = Now,
    };

    public static ManagementReplied Reply(UserId user, string text, string? inReplyTo = "Где мой кофе?") => new()
    {
        ReplyId = new ReplyId(Interlocked.Increment(ref _lastId)),
        FeedbackId = new FeedbackId(Interlocked.Increment(ref _lastId)),
        UserId = user,
        Text = text,
        InReplyTo = inReplyTo,
        RepliedAt = Now,
    };

    public static LevelChanged Level(UserId user, string to = "silver", long version = 2) => new()
    {
        UserId = user,
        From = "standard",
        To = to,
        Version = version,
        ChangedAt = Now,
    };
}
