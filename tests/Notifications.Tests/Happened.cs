using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;

namespace Platform.Notifications.Tests;

/// <summary>Events of other services, with what a test does not care about filled in.</summary>
internal static class Happened
{
    private static long _lastId = Random.Shared.NextInt64(1, 1_000_000) * 1000;

    /// <summary>To the microsecond, as loyalty writes its times.</summary>
    public static readonly DateTimeOffset Now = new(DateTime.UtcNow.Ticks / 10 * 10, TimeSpan.Zero);

    public static UserId NewUser() => new(Interlocked.Increment(ref _lastId));

    public static UserRegistered Registered(UserId user, string language = "ru", long version = 1, string fullName = "Анна Петрова") => new()
    {
        UserId = user,
        FullName = fullName,
        Language = language,
        City = "Москва",
        PhoneVerified = true,
        PhoneSeenBefore = false,
        RegisteredAt = Now,
        Version = version,
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

    public static LevelChanged Level(UserId user, string to = "silver", long version = 2) => new()
    {
        UserId = user,
        From = "standard",
        To = to,
        Version = version,
        ChangedAt = Now,
    };
}
