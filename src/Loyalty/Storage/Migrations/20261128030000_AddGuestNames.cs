using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>What the counter calls a guest, and the mark that a person was erased, whether they had an account or not.</summary>
/// <remarks>Names of people who registered before come with <c>platform resync users</c>.</remarks>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261128030000_AddGuestNames")]
internal sealed class AddGuestNames : SqlMigration
{
    protected override string UpSql => """
        create table guest_names (
            user_id bigint primary key,
            full_name varchar(255),
            version bigint not null,
            erased_at timestamptz,
            constraint ck_guest_names_erased check (erased_at is null or full_name is null)
        );
        -- People who were erased before this table: their tokens are refused for ever.
        insert into guest_names (user_id, version, erased_at)
        select user_id, version, changed_at from revoked_users where not blocked and tokens_before >= '9999-12-31';
        """;

    protected override string DownSql => "drop table guest_names;";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("guest_names", where: "erased_at is not null")];

    protected override string VerifySql => "select to_regclass('guest_names') is not null";
}
