using Platform.Contracts;

namespace Platform.Loyalty.Shifts;

/// <summary>The time in which a member of the staff works in one shop. They have one open shift at most, and their orders belong to its shop.</summary>
internal sealed class Shift
{
    public ShiftId Id { get; private init; }

    public required StaffId StaffId { get; init; }

    public required string ShopId { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; private set; }

    public void Close(DateTimeOffset at) => ClosedAt = at;
}
