using System.Linq.Expressions;
using Platform.Contracts;
using Platform.Contracts.Loyalty;

namespace Platform.Loyalty.Gifts;

/// <summary>Something that a guest gets for free, once.</summary>
internal sealed class Gift
{
    public const int LongestTitle = 100;

    public const int LongestNote = 200;

    public required GiftId Id { get; init; }

    public required UserId UserId { get; init; }

    public required string Title { get; init; }

    public required GiftReason Reason { get; init; }

    /// <summary>What the member of staff who gave it wrote about it.</summary>
    public string? Note { get; init; }

    /// <summary>The cause, unique per guest, so that nothing gives two gifts: <c>birthday:2026</c>, <c>level:gold</c>, <c>stamp:3:1</c>.</summary>
    public required string SourceId { get; init; }

    /// <summary>The reward that the guest bought.</summary>
    public RewardId? RewardId { get; init; }

    /// <summary>The points that the guest paid for it.</summary>
    public Points? Cost { get; init; }

    public StampCardId? StampCardId { get; init; }

    /// <summary>How many stamps of the card it took.</summary>
    public int? Stamps { get; init; }

    /// <summary>The member of staff who gave it; null for one that the rules gave or the guest bought.</summary>
    public StaffId? IssuedBy { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Null for a gift without an end.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RedeemedAt { get; private set; }

    public StaffId? RedeemedBy { get; private set; }

    /// <summary>The order that it was redeemed with. When that order is refunded in full, the gift is available again.</summary>
    public OrderId? OrderId { get; private set; }

    /// <summary>When it was taken back, because what it was given for was refunded or the guest was erased.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>The <c>Idempotency-Key</c> of the call that gave or bought it.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request sent with the key.</summary>
    public byte[]? RequestHash { get; init; }

    public GiftState StateAt(DateTimeOffset now) =>
        RedeemedAt is not null ? GiftState.Redeemed
        : RevokedAt is not null ? GiftState.Revoked
        : ExpiresAt <= now ? GiftState.Expired
        : GiftState.Available;

    /// <inheritdoc cref="StateAt"/>
    public static Expression<Func<Gift, bool>> IsIn(GiftState state, DateTimeOffset now) => state switch
    {
        GiftState.Redeemed => gift => gift.RedeemedAt != null,
        GiftState.Revoked => gift => gift.RevokedAt != null,
        GiftState.Expired => gift => gift.RedeemedAt == null && gift.RevokedAt == null && gift.ExpiresAt <= now,
        _ => gift => gift.RedeemedAt == null && gift.RevokedAt == null && (gift.ExpiresAt == null || gift.ExpiresAt > now),
    };

    /// <returns>Why it cannot be redeemed; null when it is redeemed now.</returns>
    public ErrorCode? Redeem(StaffId by, OrderId? with, DateTimeOffset now)
    {
        switch (StateAt(now))
        {
            case GiftState.Redeemed:
                return LoyaltyErrors.GiftRedeemed;
            case GiftState.Revoked:
                return LoyaltyErrors.GiftRevoked;
            case GiftState.Expired:
                return LoyaltyErrors.GiftExpired;
            default:
                (RedeemedAt, RedeemedBy, OrderId) = (now, by, with);
                return null;
        }
    }

    public void Revoke(DateTimeOffset now) => RevokedAt ??= RedeemedAt is null ? now : null;

    /// <summary>Gives back what was revoked.</summary>
    public void Restore(DateTimeOffset? expiresAt) => (RevokedAt, ExpiresAt) = (null, expiresAt);
}

public enum GiftReason
{
    Birthday,

    Level,

    /// <summary>A member of staff gave it.</summary>
    Manual,

    /// <summary>Of a campaign or a full stamp card.</summary>
    Campaign,

    Referral,

    /// <summary>Bought with points.</summary>
    Reward,
}

public enum GiftState
{
    Available,

    Redeemed,

    Expired,

    /// <summary>Taken back, because what it was given for was refunded.</summary>
    Revoked,
}
