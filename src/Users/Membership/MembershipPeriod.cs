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

    /// <summary>Day of the month that further bought months count from: the 31st gives 28 February, then 31 March. Null after days or a refund.</summary>
    public required int? AnchorDay { get; set; }

    public required MembershipSource Source { get; init; }

    /// <summary>For <see cref="MembershipSource.Payment"/> only.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>How much was taken back because that part of the payment was refunded.</summary>
    public TimeSpan TakenBack { get; private set; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Length as purchased, before anything was taken back.</summary>
    public TimeSpan FullLength => ValidUntil - ValidFrom + TakenBack;

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
