using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Reads the whole ledger, under a lock that keeps nobody from writing to it.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261122100100_ValidateEntryChecks")]
internal sealed class ValidateEntryChecks : SqlMigration
{
    protected override string UpSql => """
        alter table point_entries validate constraint ck_point_entries_delta;
        alter table point_entries validate constraint ck_point_entries_reason;
        """;

    protected override string DownSql => "";

    protected override string VerifySql => "select bool_and(convalidated) from pg_constraint where conrelid = 'point_entries'::regclass and contype = 'c'";
}
