using Platform.Contracts;

namespace Platform.Users.Membership;

/// <summary>A period of premium given to a person. A person's periods do not overlap, and premium ends with the last one.</summary>
internal sealed class MembershipPeriod
{
    public long Id { get; private init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset ValidFrom { get; set; }

    /// <summary>Moves earlier when time is taken back, but never before <see cref="ValidFrom"/>.</summary>
    public required DateTimeOffset ValidUntil { get; set; }

    /// <summary>
    /// Day of the month from which the next purchased months are counted: a member who paid on the 31st has premium until 28 February, and
    /// then until 31 March. Null when the next period counts from this one's end: after days, and after time was taken back.
    /// </summary>
    public required int? AnchorDay { get; set; }

    public required MembershipSource Source { get; init; }

    /// <summary>For <see cref="MembershipSource.Payment"/> only.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>How much was taken back because that part of the payment was refunded.</summary>
    public TimeSpan TakenBack { get; private set; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Length as purchased, before anything was taken back.</summary>
    public TimeSpan FullLength => ValidUntil - ValidFrom + TakenBack;

    /// <summary>How much of it is still ahead.</summary>
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

    public void MoveEarlier(TimeSpan by)
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
