using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>A person who had himself erased is a row that names nobody, and the database sees to it.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261124010000_AddErasure")]
internal sealed class AddErasure : SqlMigration
{
    protected override string UpSql => """
        alter table users
            add column erased_at timestamptz,
            drop constraint ck_users_reachable,
            drop constraint ck_users_full_name,
            add constraint ck_users_reachable check (erased_at is not null or num_nonnulls(telegram_id, email) > 0) not valid,
            add constraint ck_users_full_name check (length(full_name) between 1 and 255 or erased_at is not null) not valid,
            add constraint ck_users_erased_is_nobody check (erased_at is null or (
                full_name = '' and not is_active and not consent_personal_data
                and num_nonnulls(telegram_id, email, username, phone, phone_verified_at, city, birth_date, consent_by) = 0)) not valid;
        alter table users validate constraint ck_users_reachable;
        alter table users validate constraint ck_users_full_name;
        alter table users validate constraint ck_users_erased_is_nobody;

        -- That somebody had start bonuses with a phone, and of the phone a digest only: see ErasedPhones.
        create table erased_phones (
            digest bytea primary key constraint ck_erased_phones_digest check (length(digest) = 32),
            user_id bigint not null,
            erased_at timestamptz not null
        );

        -- One row, this installation's own, so that no table of digests made elsewhere fits.
        create table erased_phones_salt (
            salt bytea not null constraint ck_erased_phones_salt_salt check (length(salt) = 32),
            one_row boolean primary key default true constraint ck_erased_phones_salt_one_row check (one_row)
        );
        insert into erased_phones_salt (salt) select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
        """;

    // The schema before has no word for an erased person: he becomes somebody whom nothing reaches.
    protected override string DownSql => """
        drop table erased_phones_salt;
        drop table erased_phones;
        alter table users drop constraint ck_users_erased_is_nobody;
        update users set full_name = '-', email = 'erased-' || id || '@example.invalid' where erased_at is not null;
        alter table users
            drop constraint ck_users_full_name,
            drop constraint ck_users_reachable,
            drop column erased_at,
            add constraint ck_users_full_name check (length(full_name) between 1 and 255),
            add constraint ck_users_reachable check (telegram_id is not null or email is not null);
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("erased_phones_salt", "of no use without erased_phones"),
        Dropped.Fact("erased_phones"),
        Dropped.Fact("users", "erased_at"),
    ];

    protected override string VerifySql => """
        select to_regclass('erased_phones') is not null and (select count(*) = 1 from erased_phones_salt)
            and not exists (
                select from pg_constraint where conrelid = 'users'::regclass
                    and conname in ('ck_users_reachable', 'ck_users_full_name', 'ck_users_erased_is_nobody') and not convalidated)
        """;
}
