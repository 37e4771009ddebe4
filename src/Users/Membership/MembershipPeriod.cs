using Platform.Contracts;

namespace Platform.Users.Membership;

/// <summary>A stretch of premium that a person was given. Those of one person do not overlap; where the last ends, premium ends.</summary>
internal sealed class MembershipPeriod
{
    public long Id { get; private init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset ValidFrom { get; set; }

    /// <summary>Earlier than at first once time was taken back, and never before <see cref="ValidFrom"/>.</summary>
    public required DateTimeOffset ValidUntil { get; set; }

    /// <summary>
    /// Day of the month by which months that are bought next are counted: whoever paid on the 31st has until the 28th of February, and then
    /// until the 31st of March again. Null where nothing but its own end counts: after days, and after time that was taken back.
    /// </summary>
    public required int? AnchorDay { get; set; }

    public required MembershipSource Source { get; init; }

    /// <summary>For <see cref="MembershipSource.Payment"/> alone.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>How much of it is gone again, because that part of the payment was given back.</summary>
    public TimeSpan TakenBack { get; private set; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>As it was bought, whatever was taken back since.</summary>
    public TimeSpan Whole => ValidUntil - ValidFrom + TakenBack;

    /// <summary>How much of it is still to come.</summary>
    public TimeSpan UnusedAt(DateTimeOffset now)
    {
        var left = ValidUntil - (ValidFrom > now ? ValidFrom : now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void TakeBack(TimeSpan more)
    {
        ValidUntil -= more;
        TakenBack += more;
        AnchorDay = null;
    }

    public void MoveUp(TimeSpan by)
    {
        ValidFrom -= by;
        ValidUntil -= by;
        AnchorDay = null;
    }
}

internal enum MembershipSource
{
    Payment,

    Gift,

    Admin,
}
