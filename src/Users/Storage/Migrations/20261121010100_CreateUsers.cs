using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>People, the staff, and what they sign in with.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261121010100_CreateUsers")]
internal sealed class CreateUsers : SqlMigration
{
    protected override string UpSql => """
        create table users (
            id bigint generated always as identity primary key,
            telegram_id bigint constraint ck_users_telegram_id check (telegram_id > 0),
            email text constraint ck_users_email check (length(email) between 3 and 255 and email like '_%@_%'),
            username text constraint ck_users_username check (length(username) between 1 and 255),
            full_name text not null constraint ck_users_full_name check (length(full_name) between 1 and 255),
            phone text constraint ck_users_phone check (phone ~ '^\+[1-9][0-9]{6,14}$'),
            phone_verified_at timestamptz,
            city text constraint ck_users_city check (length(city) between 1 and 100),
            birth_date date constraint ck_users_birth_date check (birth_date >= date '1900-01-01'),
            language text not null constraint ck_users_language check (language in ('ru', 'en')),
            consent_personal_data boolean not null,
            consent_at timestamptz,
            consent_by text constraint ck_users_consent_by check (length(consent_by) between 1 and 100),
            consent_text text constraint ck_users_consent_text check (length(consent_text) between 1 and 50),
            consent_through text constraint ck_users_consent_through check (length(consent_through) between 1 and 100),
            is_active boolean not null,
            blocked_at timestamptz,
            version bigint not null constraint ck_users_version check (version > 0),
            created_at timestamptz not null,
            updated_at timestamptz not null,
            constraint ck_users_reachable check (telegram_id is not null or email is not null),
            constraint ck_users_phone_verified check (phone_verified_at is null or phone is not null),
            constraint ck_users_born_before_registration check (birth_date <= (created_at at time zone 'UTC')::date),
            constraint ck_users_consent_known check (not consent_personal_data or num_nulls(consent_at, consent_by, consent_text, consent_through) = 0),
            constraint ck_users_blocked_is_inactive check (blocked_at is null or not is_active),
            constraint ck_users_updated_after_created check (updated_at >= created_at)
        );
        create unique index ix_users_telegram_id on users (telegram_id);
        create unique index ix_users_email on users (lower(email));
        create index ix_users_phone on users (phone);

        -- Who had a number first. Its primary key decides between two who register with one number at the same moment.
        create table seen_phones (
            phone text primary key,
            user_id bigint not null,
            seen_at timestamptz not null
        );
        create index ix_seen_phones_user_id on seen_phones (user_id);

        create table staff (
            id bigint generated always as identity primary key,
            telegram_id bigint constraint ck_staff_telegram_id check (telegram_id > 0),
            full_name text not null constraint ck_staff_full_name check (length(full_name) between 1 and 255),
            role text not null constraint ck_staff_role check (role in ('staff', 'admin')),
            added_at timestamptz not null,
            removed_at timestamptz,
            constraint ck_staff_removed_after_added check (removed_at >= added_at)
        );
        create unique index ix_staff_telegram_id on staff (telegram_id);

        create table credentials (
            id bigint generated always as identity primary key,
            login text not null constraint ck_credentials_login check (length(login) between 1 and 100),
            password_hash text not null,
            staff_id bigint not null references staff (id),
            from_settings boolean not null,
            created_at timestamptz not null,
            changed_at timestamptz not null
        );
        create unique index ix_credentials_login on credentials (lower(login));
        create unique index ix_credentials_staff_id on credentials (staff_id);
        create unique index ix_credentials_from_settings on credentials (from_settings) where from_settings;

        create table login_failures (
            login_hash bytea primary key constraint ck_login_failures_login_hash check (length(login_hash) = 32),
            failed int not null constraint ck_login_failures_failed check (failed >= 0),
            locked_until timestamptz,
            last_at timestamptz not null
        );
        create index ix_login_failures_last_at on login_failures (last_at);

        create table bot_keys (
            id bigint generated always as identity primary key,
            name text not null constraint ck_bot_keys_name check (length(name) between 1 and 100),
            key_hash bytea not null constraint ck_bot_keys_key_hash check (length(key_hash) = 32),
            highest_role text not null constraint ck_bot_keys_highest_role check (highest_role in ('client', 'staff')),
            created_at timestamptz not null,
            changed_at timestamptz not null,
            revoked_at timestamptz
        );
        create unique index ix_bot_keys_name on bot_keys (name);
        create unique index ix_bot_keys_key_hash on bot_keys (key_hash);

        create table token_families (
            id uuid primary key,
            telegram_id bigint,
            bot_key_id bigint references bot_keys (id),
            staff_id bigint references staff (id),
            created_at timestamptz not null,
            revoked_at timestamptz,
            revoked_because text constraint ck_token_families_revoked_because
                check (revoked_because in ('reused', 'blocked', 'staff_removed', 'password_changed')),
            constraint ck_token_families_one_way_in check ((telegram_id is null) = (bot_key_id is null) and (telegram_id is null) <> (staff_id is null)),
            constraint ck_token_families_revoked check ((revoked_at is null) = (revoked_because is null))
        );
        create index ix_token_families_telegram_id on token_families (telegram_id) where revoked_at is null;
        create index ix_token_families_staff_id on token_families (staff_id) where revoked_at is null;
        create index ix_token_families_created_at on token_families (created_at);

        create table refresh_tokens (
            hash bytea primary key constraint ck_refresh_tokens_hash check (length(hash) = 32),
            family_id uuid not null references token_families (id),
            issued_at timestamptz not null,
            expires_at timestamptz not null,
            used_at timestamptz,
            constraint ck_refresh_tokens_expires_after_issued check (expires_at > issued_at)
        );
        -- Whatever races: a family has one token that can still be exchanged.
        create unique index ix_refresh_tokens_family_id_unused on refresh_tokens (family_id) where used_at is null;
        create index ix_refresh_tokens_family_id on refresh_tokens (family_id);
        create index ix_refresh_tokens_expires_at on refresh_tokens (expires_at);
        """;

    protected override string DownSql => """
        drop table refresh_tokens;
        drop table token_families;
        drop table bot_keys;
        drop table login_failures;
        drop table credentials;
        drop table staff;
        drop table seen_phones;
        drop table users;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("refresh_tokens", "people sign in again"),
        Dropped.Derived("token_families", "people sign in again"),
        Dropped.Derived("bot_keys", "each start makes them from the settings"),
        Dropped.Derived("login_failures", "they are forgotten within minutes"),
        Dropped.Fact("credentials", where: "not from_settings"),
        Dropped.Fact("staff", where: "not exists (select from credentials where staff_id = staff.id and from_settings)"),
        Dropped.Fact("seen_phones"),
        Dropped.Fact("users"),
    ];

    protected override string VerifySql => """
        select count(*) = 8 from pg_tables where schemaname = current_schema()
            and tablename in ('users', 'seen_phones', 'staff', 'credentials', 'login_failures', 'bot_keys', 'token_families', 'refresh_tokens')
        """;
}
