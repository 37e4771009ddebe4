using System.Globalization;
using System.Security.Cryptography;
using Platform.Contracts;

namespace Platform.Loyalty.Codes;

/// <summary>Six digits that stand for a guest at the counter, for one order and a short while.</summary>
internal sealed class PaymentCode
{
    /// <summary>How many there are: of six digits.</summary>
    public const int Numbers = 1_000_000;

    public required string Code { get; init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>When the guest asked for a newer one, which ended this one.</summary>
    public DateTimeOffset? ReplacedAt { get; init; }

    public OrderId? OrderId { get; init; }

    /// <returns>Whole seconds, a begun one counted.</returns>
    public static int SecondsLeft(DateTimeOffset expiresAt, DateTimeOffset now) => (int)Math.Ceiling((expiresAt - now).TotalSeconds);

    public CodeStatus StatusAt(DateTimeOffset now) =>
        UsedAt is not null ? CodeStatus.Used
        : ReplacedAt is not null ? CodeStatus.Replaced
        : ExpiresAt <= now ? CodeStatus.Expired
        : CodeStatus.Live;

    /// <summary>Six random digits. Says nothing of the codes before or after.</summary>
    public static string Draw() => RandomNumberGenerator.GetInt32(Numbers).ToString("D6", CultureInfo.InvariantCulture);
}

public enum CodeStatus
{
    Live,

    /// <summary>It paid an order.</summary>
    Used,

    /// <summary>The guest asked for a newer one.</summary>
    Replaced,

    Expired,
}
