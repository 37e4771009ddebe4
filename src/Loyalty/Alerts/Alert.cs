using Platform.Contracts;

namespace Platform.Loyalty.Alerts;

/// <summary>Something at the counter that an admin should look at. Append-only: the service's database role cannot change it.</summary>
internal sealed class Alert
{
    public required AlertId Id { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>The member of staff who caused it.</summary>
    public required StaffId StaffId { get; init; }

    /// <summary>The owner of the account concerned.</summary>
    public required UserId UserId { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }
}

public enum AlertKind
{
    /// <summary>A member of staff entered their own code.</summary>
    CodeOwn,

    /// <summary>A member of staff gave more gifts in a day than the settings allow, or tried to.</summary>
    ManualGifts,
}
