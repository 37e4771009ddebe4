using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Expand step: the membership of a person and nothing else. Everyone becomes a free member without a rewrite of their row.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010000_AddMembershipFields")]
internal sealed class AddMembershipFields : SqlMigration
{
    protected override string UpSql => """
        alter table users
            add column membership_type varchar(20) not null default 'free',
            add column membership_expires timestamptz,
            add column member_id varchar(12),
            add column qr_code_path varchar(200),
            add constraint ck_users_membership_type check (membership_type in ('free', 'premium')) not valid,
            add constraint ck_users_member_id check (member_id ~ '^MNT-[0-9A-HJKMNP-TV-Z]{8}$') not valid,
            add constraint ck_users_premium_is_a_member_for_a_time
                check (membership_type <> 'premium' or num_nulls(membership_expires, member_id) = 0) not valid,
            add constraint ck_users_qr_code_path check (qr_code_path is null or (qr_code_path ~ '^/[!-~]+$' and member_id is not null)) not valid,
            add constraint ck_users_erased_is_no_member
                check (erased_at is null or (membership_type = 'free' and num_nonnulls(membership_expires, member_id, qr_code_path) = 0)) not valid;
        """;

    protected override string DownSql => """
        alter table users
            drop column qr_code_path,
            drop column member_id,
            drop column membership_expires,
            drop column membership_type;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("users", "qr_code_path", "it follows from the number"),
        Dropped.Fact("users", "member_id"),
        Dropped.Fact("users", "membership_expires"),
        Dropped.Fact("users", "membership_type", where: "membership_type <> 'free'"),
    ];

    protected override string VerifySql => """
        select count(*) = 4
            and bool_or(column_name = 'membership_type' and column_default like '''free''%' and is_nullable = 'NO')
        from information_schema.columns
        where table_schema = current_schema() and table_name = 'users'
            and column_name in ('membership_type', 'membership_expires', 'member_id', 'qr_code_path')
        """;
}
