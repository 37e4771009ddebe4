using System.Globalization;
using System.Security.Cryptography;
using Platform.Contracts;

namespace Platform.Loyalty.Codes;

/// <summary>Six digits that identify a guest at the counter, for one order and a short time.</summary>
internal sealed class PaymentCode
{
    public const int Numbers = 1_000_000;

    public required string Code { get; init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>When the guest asked for a newer code, which replaced this one.</summary>
    public DateTimeOffset? ReplacedAt { get; init; }

    public OrderId? OrderId { get; init; }

    /// <returns>Whole seconds, rounded up.</returns>
    public static int SecondsLeft(DateTimeOffset expiresAt, DateTimeOffset now) => (int)Math.Ceiling((expiresAt - now).TotalSeconds);

    public CodeStatus StatusAt(DateTimeOffset now) =>
        UsedAt is not null ? CodeStatus.Used
        : ReplacedAt is not null ? CodeStatus.Replaced
        : ExpiresAt <= now ? CodeStatus.Expired
        : CodeStatus.Live;

    /// <summary>Six digits from a cryptographic random source: one code does not help to guess another.</summary>
    public static string Draw() => RandomNumberGenerator.GetInt32(Numbers).ToString("D6", CultureInfo.InvariantCulture);
}

public enum CodeStatus
{
    Live,

    /// <summary>An order was placed with it.</summary>
    Used,

    Replaced,

    Expired,
}
