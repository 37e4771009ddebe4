using System.Globalization;
using System.Security.Cryptography;
using Platform.Contracts;

namespace Platform.Loyalty.Codes;

/// <summary>Six digits that stand for a guest at the counter, for one order and a short while.</summary>
internal sealed class PaymentCode
{
    public required string Code { get; init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>When the guest asked for a newer one, which ended this one.</summary>
    public DateTimeOffset? ReplacedAt { get; init; }

    public OrderId? OrderId { get; init; }

    /// <summary>Six random digits. Says nothing of the codes before or after.</summary>
    public static string Draw() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
}
