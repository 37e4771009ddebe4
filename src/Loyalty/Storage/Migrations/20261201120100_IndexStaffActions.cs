using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>
/// Refunds of a member of the staff are listed by time, new alerts and alerts of a kind newest first. Entries that no order caused are few,
/// and summed by day.
/// </summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201120100_IndexStaffActions")]
internal sealed class IndexStaffActions : ConcurrentIndexMigration
{
    private const int Partitions = 16;

    protected override IReadOnlyList<ConcurrentIndex> Indexes =>
    [
        new("ix_refunds_staff_id", "on refunds (staff_id, refunded_at desc, id desc)"),
        new("ix_alerts_unseen", "on alerts (id desc) where seen_at is null"),
        new("ix_alerts_kind", "on alerts (kind, id desc)"),
        // One on each partition: Postgres builds no index of a partitioned table concurrently.
        .. Enumerable.Range(0, Partitions).Select(partition => new ConcurrentIndex(
            $"ix_point_entries_{partition:00}_other",
            $"""
            on point_entries_{partition:00} (created_at) include (reason, delta, debt_delta)
            where reason not in ('earn', 'spend', 'return', 'take_back', 'correction')
            """)),
    ];
}
