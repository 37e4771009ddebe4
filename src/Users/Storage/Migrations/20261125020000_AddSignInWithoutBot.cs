using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Sign-in by the code of a mail and by what a Mini App was opened with, and an account that is recovered.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125020000_AddSignInWithoutBot")]
internal sealed class AddSignInWithoutBot : SqlMigration
{
    protected override string UpSql => """
        alter table token_families
            add column email text,
            drop constraint ck_token_families_one_way_in,
            drop constraint ck_token_families_revoked_because,
            add constraint ck_token_families_email check (length(email) between 3 and 254 and email = lower(email)) not valid,
            add constraint ck_token_families_one_way_in check (
                num_nonnulls(telegram_id, staff_id, email) = 1 and (bot_key_id is null or telegram_id is not null)) not valid,
            add constraint ck_token_families_revoked_because check (
                revoked_because in ('reused', 'blocked', 'staff_removed', 'password_changed', 'recovered')) not valid;

        create table email_codes (
            email_hash bytea primary key constraint ck_email_codes_email_hash check (length(email_hash) = 32),
            salt bytea not null constraint ck_email_codes_salt check (length(salt) = 16),
            code_hash bytea not null constraint ck_email_codes_code_hash check (length(code_hash) = 32),
            tried int not null constraint ck_email_codes_tried check (tried between 0 and 5),
            expires_at timestamptz not null
        );
        create index ix_email_codes_expires_at on email_codes (expires_at);

        -- Its primary key decides between two who come with the same at the same moment.
        create table used_init_data (
            hash bytea primary key constraint ck_used_init_data_hash check (length(hash) = 32),
            signed_at timestamptz not null
        );
        create index ix_used_init_data_signed_at on used_init_data (signed_at);
        """;

    // Whoever signed in without a bot signs in again, some other way.
    protected override string DownSql => """
        drop table used_init_data;
        drop table email_codes;
        delete from refresh_tokens using token_families family
            where family.id = family_id and (family.email is not null or family.telegram_id is not null and family.bot_key_id is null);
        delete from token_families where email is not null or telegram_id is not null and bot_key_id is null;
        update token_families set revoked_because = 'reused' where revoked_because = 'recovered';
        alter table token_families
            drop constraint ck_token_families_revoked_because,
            drop constraint ck_token_families_one_way_in,
            drop column email,
            add constraint ck_token_families_revoked_because check (revoked_because in ('reused', 'blocked', 'staff_removed', 'password_changed')),
            add constraint ck_token_families_one_way_in check ((telegram_id is null) = (bot_key_id is null) and (telegram_id is null) <> (staff_id is null));
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("used_init_data", "it is remembered for minutes"),
        Dropped.Derived("email_codes", "they live for minutes"),
        Dropped.Derived("refresh_tokens", "people sign in again"),
        Dropped.Derived("token_families", "people sign in again"),
    ];

    protected override string VerifySql => """
        select to_regclass('email_codes') is not null and to_regclass('used_init_data') is not null and exists (
            select from information_schema.columns where table_schema = current_schema() and table_name = 'token_families' and column_name = 'email')
        """;
}
