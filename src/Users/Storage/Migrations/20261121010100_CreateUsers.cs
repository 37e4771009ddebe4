using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults.Features;

namespace Platform.Users.Storage.Migrations;

/// <summary>People, how they came and what they did; staff; the ways to sign in. Membership is added by the migrations that follow.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261121010100_CreateUsers")]
internal sealed class CreateUsers : SqlMigration
{
    protected override string UpSql => $$"""
        -- 40 of the strong random bits of a UUID, five to a character of Crockford's alphabet. Here, since the column's default is made of it.
        create function draw_referral_code() returns text
        language sql volatile as $$
            with drawn as (select ('x' || encode(substring(uuid_send(gen_random_uuid()) from 1 for 5), 'hex'))::bit(40)::bigint as bits)
            select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((bits >> (5 * i)) & 31)::int + 1, 1), '' order by i)
            from drawn, generate_series(0, 7) i
        $$;

        -- The text that the search of people looks through. Here, since an index is made of it; so it is immutable, and plain enough to be inlined.
        create function person_text(full_name text, username text, phone text, email text) returns text
        language sql immutable parallel safe
        return replace(lower(
            full_name || ' ' || coalesce(username, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(email, '')), 'ё', 'е');

        create table users (
            id bigint generated always as identity primary key,
            telegram_id bigint constraint ck_users_telegram_id check (telegram_id > 0),
            email text constraint ck_users_email check (length(email) between 3 and 255 and email like '_%@_%'),
            username text constraint ck_users_username check (length(username) between 1 and 255),
            full_name text not null,
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
            referral_code text not null default draw_referral_code()
                constraint ck_users_referral_code check (referral_code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
            erased_at timestamptz,
            constraint ck_users_reachable check (erased_at is not null or num_nonnulls(telegram_id, email) > 0),
            constraint ck_users_full_name check (length(full_name) between 1 and 255 or erased_at is not null),
            constraint ck_users_erased_is_nobody check (erased_at is null or (
                full_name = '' and not is_active and not consent_personal_data
                and num_nonnulls(telegram_id, email, username, phone, phone_verified_at, city, birth_date, consent_by) = 0)),
            constraint ck_users_phone_verified check (phone_verified_at is null or phone is not null),
            constraint ck_users_born_before_registration check (birth_date <= (created_at at time zone 'UTC')::date),
            constraint ck_users_consent_known check (not consent_personal_data or num_nulls(consent_at, consent_by, consent_text, consent_through) = 0),
            constraint ck_users_blocked_is_inactive check (blocked_at is null or not is_active),
            constraint ck_users_updated_after_created check (updated_at >= created_at)
        );
        create unique index ix_users_telegram_id on users (telegram_id);
        create unique index ix_users_email on users (lower(email));
        create index ix_users_phone on users (phone);
        create unique index ix_users_referral_code on users (referral_code);
        create index ix_users_person_text on users using gin (person_text(full_name, username, phone, email) extensions.gin_trgm_ops);
        create index ix_users_created_at on users (created_at, id);

        -- Who had a number first. The primary key decides between two people who register with one number at the same moment.
        create table seen_phones (
            phone text primary key,
            user_id bigint not null,
            seen_at timestamptz not null,
            proven_at timestamptz
        );
        create index ix_seen_phones_user_id on seen_phones (user_id);

        -- Someone had start bonuses with this phone. Only a digest of the phone is stored: see ErasedPhones.
        create table erased_phones (
            digest bytea primary key constraint ck_erased_phones_digest check (length(digest) = 32),
            user_id bigint not null,
            erased_at timestamptz not null
        );

        -- One row, unique to this installation, so that no table of digests made elsewhere fits.
        create table erased_phones_salt (
            salt bytea not null constraint ck_erased_phones_salt_salt check (length(salt) = 32),
            one_row boolean primary key default true constraint ck_erased_phones_salt_one_row check (one_row)
        );
        insert into erased_phones_salt (salt) select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());

        create table acquisition_channels (
            user_id bigint primary key references users (id),
            channel text constraint ck_acquisition_channels_channel check (channel ~ '^[a-z0-9_-]{1,64}$'),
            referral_user_id bigint references users (id),
            created_at timestamptz not null,
            utm_source text constraint ck_acquisition_channels_utm_source check (length(utm_source) between 1 and 100),
            utm_medium text constraint ck_acquisition_channels_utm_medium check (length(utm_medium) between 1 and 100),
            utm_campaign text constraint ck_acquisition_channels_utm_campaign check (length(utm_campaign) between 1 and 100),
            utm_content text constraint ck_acquisition_channels_utm_content check (length(utm_content) between 1 and 100),
            utm_term text constraint ck_acquisition_channels_utm_term check (length(utm_term) between 1 and 100),
            constraint ck_acquisition_channels_nobody_refers_himself check (referral_user_id <> user_id),
            constraint ck_acquisition_channels_known check (
                num_nonnulls(channel, referral_user_id, utm_source, utm_medium, utm_campaign, utm_content, utm_term) > 0)
        );
        create index ix_acquisition_channels_referral_user_id on acquisition_channels (referral_user_id) where referral_user_id is not null;

        -- One row: the time zone in which days are counted. Each start of the service writes the one from its settings.
        create table calendar (
            time_zone text not null,
            one_row boolean primary key default true constraint ck_calendar_one_row check (one_row)
        );
        insert into calendar (time_zone) values ('Europe/Moscow');

        create table activity_days (
            user_id bigint not null references users (id),
            day date not null,
            kind text not null constraint ck_activity_days_kind check (kind in ('order', 'lesson', 'letter', 'credits', 'bot')),
            count integer not null constraint ck_activity_days_count check (count >= 0),
            spent numeric(12, 2) not null default 0,
            primary key (user_id, day, kind),
            constraint ck_activity_days_spent_on_orders check (spent = 0 or kind = 'order')
        );
        create index ix_activity_days_day on activity_days (day);

        create table staff (
            id bigint generated always as identity primary key,
            telegram_id bigint constraint ck_staff_telegram_id check (telegram_id > 0),
            full_name text not null constraint ck_staff_full_name check (length(full_name) between 1 and 255),
            role text not null constraint ck_staff_role check (role in ('staff', 'admin')),
            added_at timestamptz not null,
            removed_at timestamptz,
            version bigint not null default 1 constraint ck_staff_version check (version > 0),
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
            changed_at timestamptz not null,
            settings_version int constraint ck_credentials_settings_version check (settings_version >= 0)
        );
        create unique index ix_credentials_login on credentials (lower(login));
        create unique index ix_credentials_staff_id on credentials (staff_id);
        create unique index ix_credentials_from_settings on credentials (from_settings) where from_settings;

        -- Passwords, logins and keys that the settings had before, so that a replica with older settings does not bring them back.
        create table replaced_settings (
            id bigint generated always as identity primary key,
            setting text not null constraint ck_replaced_settings_setting check (length(setting) between 1 and 100),
            hash text not null,
            replaced_at timestamptz not null
        );
        create index ix_replaced_settings_setting on replaced_settings (setting, id);

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
                check (revoked_because in ('reused', 'blocked', 'staff_removed', 'password_changed', 'recovered')),
            email text constraint ck_token_families_email check (length(email) between 3 and 254 and email = lower(email)),
            network_hash bytea constraint ck_token_families_network_hash check (length(network_hash) = 32),
            constraint ck_token_families_one_way_in check (
                num_nonnulls(telegram_id, staff_id, email) = 1 and (bot_key_id is null or telegram_id is not null)),
            constraint ck_token_families_revoked check ((revoked_at is null) = (revoked_because is null))
        );
        create index ix_token_families_telegram_id on token_families (telegram_id) where revoked_at is null;
        create index ix_token_families_staff_id on token_families (staff_id) where revoked_at is null;
        create index ix_token_families_email on token_families (email) where email is not null;
        create index ix_token_families_created_at on token_families (created_at);

        create table refresh_tokens (
            hash bytea primary key constraint ck_refresh_tokens_hash check (length(hash) = 32),
            family_id uuid not null references token_families (id),
            issued_at timestamptz not null,
            expires_at timestamptz not null,
            used_at timestamptz,
            constraint ck_refresh_tokens_expires_after_issued check (expires_at > issued_at)
        );
        -- However calls race, a family has one token that can still be exchanged.
        create unique index ix_refresh_tokens_family_id_unused on refresh_tokens (family_id) where used_at is null;
        create index ix_refresh_tokens_family_id on refresh_tokens (family_id);
        create index ix_refresh_tokens_expires_at on refresh_tokens (expires_at);

        -- Codes sent by e-mail, each bound to the request that asked for it.
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

        -- The data that a Mini App was opened with. The primary key decides between two calls with the same data at the same moment.
        create table used_init_data (
            hash bytea primary key constraint ck_used_init_data_hash check (length(hash) = 32),
            signed_at timestamptz not null
        );
        create index ix_used_init_data_signed_at on used_init_data (signed_at);

        -- The name by which a bot is known in Telegram.
        create table bots (
            bot text primary key,
            username text not null constraint ck_bots_username check (username ~ '^[A-Za-z0-9_]{3,64}$'),
            connected_at timestamptz not null
        );

        {{FeatureSwitches.Sql}}
        """;

    protected override string DownSql => $"""
        {FeatureSwitches.DropSql}
        drop table bots;
        drop table used_init_data;
        drop table mailed_codes;
        drop table refresh_tokens;
        drop table token_families;
        drop table bot_keys;
        drop table login_failures;
        drop table replaced_settings;
        drop table credentials;
        drop table staff;
        drop table activity_days;
        drop table calendar;
        drop table acquisition_channels;
        drop table erased_phones_salt;
        drop table erased_phones;
        drop table seen_phones;
        drop table users;
        drop function person_text;
        drop function draw_referral_code;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("feature_switches"),
        Dropped.Derived("bots", "each bot publishes it again when it connects"),
        Dropped.Derived("used_init_data", "it is kept for minutes"),
        Dropped.Derived("mailed_codes", "they are valid for minutes"),
        Dropped.Derived("refresh_tokens", "people sign in again"),
        Dropped.Derived("token_families", "people sign in again"),
        Dropped.Derived("bot_keys", "each start makes them from the settings"),
        Dropped.Derived("login_failures", "they expire within minutes"),
        Dropped.Derived("replaced_settings", "they guard a change of settings that is under way"),
        Dropped.Fact("credentials", where: "not from_settings"),
        Dropped.Fact("staff", where: "not exists (select from credentials where staff_id = staff.id and from_settings)"),
        Dropped.Fact("activity_days"),
        Dropped.Derived("calendar", "each start of the service writes it"),
        Dropped.Fact("acquisition_channels"),
        Dropped.Derived("erased_phones_salt", "it is useless without erased_phones"),
        Dropped.Fact("erased_phones"),
        Dropped.Fact("seen_phones"),
        Dropped.Fact("users"),
    ];

    protected override string VerifySql => """
        select (select count(*) = 18 from pg_tables where schemaname = current_schema() and tablename in (
                'users', 'seen_phones', 'erased_phones', 'erased_phones_salt', 'acquisition_channels', 'calendar', 'activity_days',
                'staff', 'credentials', 'replaced_settings', 'login_failures', 'bot_keys', 'token_families', 'refresh_tokens',
                'mailed_codes', 'used_init_data', 'bots', 'feature_switches'))
            and (select count(*) = 1 from erased_phones_salt) and (select count(*) = 1 from calendar)
            and draw_referral_code() ~ '^[0-9A-HJKMNP-TV-Z]{8}$' and draw_referral_code() <> draw_referral_code()
            and person_text('Пётр Ёлкин', 'PETR', '+79991234567', null) = 'петр елкин petr +79991234567 '
        """;
}
