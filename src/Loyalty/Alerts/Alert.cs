using Platform.Contracts;

namespace Platform.Loyalty.Alerts;

/// <summary>
/// Something at the counter that a manager should look at. Only that someone has seen it is added later: the service's database role cannot
/// change anything else.
/// </summary>
internal sealed class Alert
{
    public required AlertId Id { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>The member of staff who caused it.</summary>
    public required StaffId StaffId { get; init; }

    /// <summary>The owner of the account concerned.</summary>
    public required UserId UserId { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary><see cref="AlertDetails"/> as JSON; null when the kind says it all.</summary>
    public string? Details { get; init; }

    public DateTimeOffset? SeenAt { get; private set; }

    /// <summary>The first to say so.</summary>
    public StaffId? SeenBy { get; private set; }

    public void See(StaffId by, DateTimeOffset at) => (SeenBy, SeenAt) = (by, at);
}

public enum AlertKind
{
    /// <summary>A member of staff entered their own code.</summary>
    CodeOwn,

    /// <summary>A guest earned points more often within minutes than one person visits.</summary>
    GuestVelocity,

    /// <summary>A member of staff reached their daily limit of points given by hand.</summary>
    ManualPoints,

    /// <summary>A member of staff reached their daily limit of gifts.</summary>
    ManualGifts,
}

/// <param name="Earnings">Of a guest's velocity: how many orders earned points within the window.</param>
/// <param name="OrderId">The last of these orders.</param>
public sealed record AlertDetails(long? Earnings = null, OrderId? OrderId = null);
