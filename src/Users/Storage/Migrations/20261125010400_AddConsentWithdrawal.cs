using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Expand step: when a consent was withdrawn, and through what.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010400_AddConsentWithdrawal")]
internal sealed class AddConsentWithdrawal : SqlMigration
{
    protected override string UpSql => """
        alter table users
            add column consent_withdrawn_at timestamptz,
            add column consent_withdrawn_through text,
            add constraint ck_users_consent_withdrawn_through check (length(consent_withdrawn_through) between 1 and 100) not valid,
            add constraint ck_users_consent_withdrawn check (not consent_personal_data or consent_withdrawn_at is null) not valid;
        """;

    protected override string DownSql => "alter table users drop column consent_withdrawn_through, drop column consent_withdrawn_at;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("users", "consent_withdrawn_through"),
        // For erased people the next migration fills it in.
        Dropped.Fact("users", "consent_withdrawn_at", where: "consent_withdrawn_at is not null and consent_withdrawn_at is distinct from erased_at"),
    ];

    protected override string VerifySql => """
        select count(*) = 2
        from information_schema.columns
        where table_schema = current_schema() and table_name = 'users' and column_name in ('consent_withdrawn_at', 'consent_withdrawn_through')
        """;
}
