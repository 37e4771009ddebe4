using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>
/// Codes that are bound to who asked for them. <c>email_codes</c>, of which a mailbox has one, stays for the release before, and is
/// dropped by the one after.
/// </summary>
[DbContext(typeof(UsersDb))]
[Migration("20261128040100_AddMailedCodes")]
internal sealed class AddMailedCodes : SqlMigration
{
    protected override string UpSql => """
        create table mailed_codes (
            request_hash bytea primary key constraint ck_mailed_codes_request_hash check (length(request_hash) = 32),
            email_hash bytea not null constraint ck_mailed_codes_email_hash check (length(email_hash) = 32),
            asked_by bytea constraint ck_mailed_codes_asked_by check (length(asked_by) = 32),
            salt bytea not null constraint ck_mailed_codes_salt check (length(salt) = 16),
            code_hash bytea not null constraint ck_mailed_codes_code_hash check (length(code_hash) = 32),
            tried int not null constraint ck_mailed_codes_tried check (tried between 0 and 5),
            expires_at timestamptz not null
        );
        create unique index ix_mailed_codes_asked_by on mailed_codes (email_hash, asked_by);
        create index ix_mailed_codes_expires_at on mailed_codes (expires_at);
        """;

    protected override string DownSql => "drop table mailed_codes;";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Derived("mailed_codes", "they live for minutes")];

    protected override string VerifySql => "select to_regclass('mailed_codes') is not null";
}
