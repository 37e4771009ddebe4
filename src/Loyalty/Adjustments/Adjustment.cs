using Platform.Contracts;

namespace Platform.Loyalty.Adjustments;

/// <summary>Points that a member of the staff added to an account, or took from it, by hand. Written by <c>adjust_points</c>.</summary>
internal sealed class Adjustment
{
    public required long Id { get; init; }

    public required UserId UserId { get; init; }

    public required StaffId StaffId { get; init; }

    public required Points Points { get; init; }

    /// <summary>In the words of the member of staff; the guest reads it too. Null once the guest is erased.</summary>
    public string? Reason { get; init; }

    public required PointEntryId EntryId { get; init; }

    public required DateTimeOffset AdjustedAt { get; init; }
}
