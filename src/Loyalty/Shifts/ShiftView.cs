using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Platform.Contracts;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Shifts;

/// <summary>A shift with its totals: so far while it is open.</summary>
/// <param name="ClosedAt">Null while it is open.</param>
/// <param name="Orders">Placed during the shift, refunded or not.</param>
/// <param name="Revenue">Paid for them in money, minus the refunds made during the shift.</param>
/// <param name="PointsEarned">Earned by them, minus those that these refunds took back.</param>
/// <param name="PointsSpent">Spent on them, minus those that these refunds returned.</param>
public sealed record ShiftView(
    ShiftId ShiftId,
    StaffId StaffId,
    string ShopId,
    string ShopName,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    long Orders,
    Money Revenue,
    Points PointsEarned,
    Points PointsSpent,
    long GiftsGiven,
    long GiftsRedeemed)
{
    internal static readonly ShiftView Example = new(
        new ShiftId(41), new StaffId(3), "main-street", "Мира, 5", new DateTimeOffset(2026, 1, 15, 5, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 1, 15, 17, 0, 0, TimeSpan.Zero), 84, new Money(31_250), new Points(298), new Points(120), 3, 5);

    /// <summary>Shifts with their totals. Callers add conditions on <c>shift</c>, and the order.</summary>
    internal const string Sql = """
        select shift.id as shift_id, shift.staff_id, shift.shop_id, shop.name as shop_name, shift.opened_at, shift.closed_at,
            totals.orders, totals.revenue, totals.points_earned, totals.points_spent, totals.gifts_issued, totals.gifts_redeemed
        from shifts shift
            join shops shop on shop.id = shift.shop_id,
            lateral staff_totals(shift.staff_id, shift.opened_at, coalesce(shift.closed_at, 'infinity')) totals
        """;

    /// <summary>In the transaction that is open, if any.</summary>
    internal static async Task<ShiftView> Read(LoyaltyDb db, ShiftId id, CancellationToken ct)
    {
        var transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        var row = await db.Database.GetDbConnection().QuerySingleAsync<Row>(
            new CommandDefinition($"{Sql} where shift.id = @id", new { id = id.Value }, transaction, cancellationToken: ct));
        return row.View;
    }

    internal sealed record Row
    {
        public required ShiftId ShiftId { get; init; }

        public required StaffId StaffId { get; init; }

        public required string ShopId { get; init; }

        public required string ShopName { get; init; }

        public required DateTimeOffset OpenedAt { get; init; }

        public DateTimeOffset? ClosedAt { get; init; }

        public long Orders { get; init; }

        public Money Revenue { get; init; }

        public Points PointsEarned { get; init; }

        public Points PointsSpent { get; init; }

        public long GiftsIssued { get; init; }

        public long GiftsRedeemed { get; init; }

        public ShiftView View => new(
            ShiftId, StaffId, ShopId, ShopName, OpenedAt, ClosedAt, Orders, Revenue, PointsEarned, PointsSpent, GiftsIssued, GiftsRedeemed);
    }
}
