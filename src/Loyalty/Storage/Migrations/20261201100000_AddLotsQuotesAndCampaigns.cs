using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>
/// Points in lots that expire, the reason of each entry, settings and levels that the owner edits, campaigns, quotes, and orders that keep
/// the rule by which they earned.
/// </summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201100000_AddLotsQuotesAndCampaigns")]
internal sealed class AddLotsQuotesAndCampaigns : SqlMigration
{
    protected override string UpSql => """
        -- One row. Functions read it themselves, so a change applies to the next order.
        create table settings (
            id boolean primary key default true constraint ck_settings_one_row check (id),
            roubles_per_point numeric(10, 2) not null default 100 constraint ck_settings_roubles_per_point check (roubles_per_point > 0),
            max_points_share numeric(4, 3) not null default 0.30 constraint ck_settings_max_points_share check (max_points_share between 0 and 1),
            points_expire_after_months int not null default 12
                constraint ck_settings_points_expire_after_months check (points_expire_after_months between 0 and 120),
            expiry_warning_days int not null default 14 constraint ck_settings_expiry_warning_days check (expiry_warning_days between 0 and 365),
            start_bonus bigint not null default 0 constraint ck_settings_start_bonus check (start_bonus >= 0),
            referral_bonus bigint not null default 50 constraint ck_settings_referral_bonus check (referral_bonus >= 0),
            birthday_gift varchar(100) default 'Напиток на выбор',
            birthday_gift_days int not null default 14 constraint ck_settings_birthday_gift_days check (birthday_gift_days > 0),
            level_gift_days int not null default 30 constraint ck_settings_level_gift_days check (level_gift_days > 0),
            stamp_gift_days int not null default 30 constraint ck_settings_stamp_gift_days check (stamp_gift_days > 0),
            manual_points_per_day bigint not null default 500 constraint ck_settings_manual_points_per_day check (manual_points_per_day >= 0),
            manual_gifts_per_day int not null default 20 constraint ck_settings_manual_gifts_per_day check (manual_gifts_per_day >= 0),
            updated_at timestamptz
        );
        insert into settings default values;

        alter table levels add column name varchar(64), add column gift varchar(100);

        -- level_threshold: lifetime points with which the level was reached, so that a threshold raised later takes it from nobody.
        alter table accounts
            add column last_order_at timestamptz,
            add column level_threshold bigint not null default 0,
            add column birth_date date,
            add column expiry_warned_on date;

        alter table point_entries add column why jsonb;
        alter table point_entries drop constraint ck_point_entries_reason;
        alter table point_entries add constraint ck_point_entries_reason check (reason in (
            'earn', 'spend', 'return', 'take_back', 'correction',
            'expiry', 'adjustment', 'bonus', 'referral', 'achievement', 'reward', 'reward_return')) not valid;

        -- Points that came with one entry, and how many of them are left. Null for expires_at: by the settings, from the last order on.
        create table point_lots (
            user_id bigint not null,
            entry_id bigint not null,
            points bigint not null constraint ck_point_lots_points check (points > 0),
            points_left bigint not null constraint ck_point_lots_points_left check (points_left between 0 and points),
            earned_at timestamptz not null,
            expires_at timestamptz,
            primary key (user_id, entry_id)
        );
        create index ix_point_lots_left on point_lots (user_id, entry_id) where points_left > 0;
        create index ix_point_lots_expires_at on point_lots (expires_at) where points_left > 0 and expires_at is not null;

        -- Which lots an entry took points from; negative for an entry that gave back points that spend_entry_id had taken.
        create table point_lot_uses (
            user_id bigint not null,
            spend_entry_id bigint not null,
            lot_entry_id bigint not null,
            entry_id bigint not null,
            points bigint not null
                constraint ck_point_lot_uses_points check (case when entry_id = spend_entry_id then points > 0 else points < 0 end),
            primary key (user_id, spend_entry_id, lot_entry_id, entry_id)
        );
        revoke update, delete, truncate on point_lot_uses from loyalty;

        create table campaigns (
            id bigint generated always as identity primary key,
            title varchar(100) not null,
            multiplier numeric(4, 2) constraint ck_campaigns_multiplier check (multiplier > 0),
            bonus_points bigint constraint ck_campaigns_bonus_points check (bonus_points > 0),
            starts_at timestamptz not null,
            ends_at timestamptz not null,
            active boolean not null,
            levels text[] constraint ck_campaigns_levels check (cardinality(levels) > 0),
            birthday_month boolean not null default false,
            inactive_days int constraint ck_campaigns_inactive_days check (inactive_days > 0),
            created_at timestamptz not null,
            constraint ck_campaigns_either check ((multiplier is null) <> (bonus_points is null)),
            constraint ck_campaigns_in_order check (ends_at > starts_at)
        );

        create table quotes (
            id bigint generated always as identity primary key,
            user_id bigint not null,
            staff_id bigint not null,
            amount numeric(10, 2) not null,
            points_spent bigint not null,
            paid numeric(10, 2) not null,
            points_earned bigint not null,
            roubles_per_point numeric(10, 2) not null,
            level varchar(32) not null,
            level_multiplier numeric(4, 2) not null,
            campaign_id bigint,
            campaign_title varchar(100),
            campaign_multiplier numeric(4, 2),
            campaign_bonus bigint,
            quoted_at timestamptz not null,
            expires_at timestamptz not null constraint ck_quotes_expires_at check (expires_at > quoted_at)
        );
        create index ix_quotes_expires_at on quotes (expires_at);

        -- The rule by which an order earned. The arrays are the levels up to its own, lowest first; null when no refund can take its level away.
        alter table orders
            add column earn_level varchar(32),
            add column level_multiplier numeric(4, 2),
            add column level_thresholds bigint[],
            add column level_multipliers numeric(4, 2)[],
            add column campaign_id bigint,
            add column campaign_title varchar(100),
            add column campaign_multiplier numeric(4, 2),
            add column campaign_bonus bigint,
            add column quote_id bigint,
            add column received_at timestamptz;
        alter table orders add constraint ck_orders_levels check (cardinality(level_thresholds) = cardinality(level_multipliers)) not valid;
        alter table orders add constraint ck_orders_campaign check (
            campaign_id is null and campaign_multiplier is null and campaign_bonus is null
            or campaign_id is not null and (campaign_multiplier is null) <> (campaign_bonus is null)) not valid;

        create type points_outcome as enum ('changed', 'repeated', 'account_not_found', 'guest_erased', 'not_enough_points');
        alter type counter_outcome add value 'account_not_found';
        alter type counter_outcome add value 'account_own';
        alter type counter_outcome add value 'quote_unknown';
        alter type counter_outcome add value 'quote_expired';
        alter type counter_outcome add value 'quote_mismatch';
        alter type counter_outcome add value 'placed_at_invalid';
        alter type counter_outcome add value 'shop_unknown';
        alter type refund_outcome add value 'account_own';
        """;

    protected override string DownSql => """
        drop type points_outcome, counter_outcome, refund_outcome cascade;
        create type counter_outcome as enum (
            'live', 'priced', 'placed', 'repeated', 'idempotency_key_reused',
            'code_unknown', 'code_expired', 'code_replaced', 'code_used', 'code_own', 'too_many_wrong_codes',
            'amount_too_large', 'too_many_points_for_order', 'not_enough_points');
        create type refund_outcome as enum (
            'refunded', 'repeated', 'idempotency_key_reused', 'order_not_found', 'order_refunded', 'guest_erased', 'undo_window_over',
            'refund_too_large');

        alter table orders drop constraint ck_orders_levels, drop constraint ck_orders_campaign;
        alter table orders
            drop column earn_level, drop column level_multiplier, drop column level_thresholds, drop column level_multipliers,
            drop column campaign_id, drop column campaign_title, drop column campaign_multiplier, drop column campaign_bonus,
            drop column quote_id, drop column received_at;
        drop table quotes, campaigns, point_lot_uses, point_lots;

        alter table point_entries drop constraint ck_point_entries_reason;
        alter table point_entries drop column why;
        alter table point_entries add constraint ck_point_entries_reason check (reason in ('earn', 'spend', 'return', 'take_back', 'correction'));

        alter table accounts drop column last_order_at, drop column level_threshold, drop column birth_date, drop column expiry_warned_on;
        alter table levels drop column name, drop column gift;
        drop table settings;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("orders", "earn_level", "the way up fills it from level_before"),
        Dropped.Derived("orders", "level_multiplier", "the way up fills it from the levels"),
        Dropped.Derived("orders", "level_thresholds", "the way up fills it from the levels"),
        Dropped.Derived("orders", "level_multipliers", "the way up fills it from the levels"),
        Dropped.Fact("orders", "campaign_id"),
        Dropped.Fact("orders", "campaign_title"),
        Dropped.Fact("orders", "campaign_multiplier"),
        Dropped.Fact("orders", "campaign_bonus"),
        Dropped.Derived("orders", "quote_id", "quotes are valid for seconds"),
        Dropped.Fact("orders", "received_at"),
        Dropped.Derived("quotes", "they are valid for seconds"),
        Dropped.Fact("campaigns"),
        Dropped.Derived("point_lot_uses", "the way up fills it from the entries"),
        Dropped.Derived("point_lots", "the way up fills it from the entries"),
        Dropped.Fact("point_entries", "why"),
        Dropped.Derived("accounts", "last_order_at", "the way up fills it from the orders"),
        Dropped.Derived("accounts", "level_threshold", "the way up fills it from the levels"),
        Dropped.Derived("accounts", "birth_date", "a resync of users brings it again"),
        Dropped.Derived("accounts", "expiry_warned_on", "at worst someone is warned twice"),
        Dropped.Fact("levels", "name"),
        Dropped.Fact("levels", "gift", where: "gift not in ('Десерт на выбор', 'Напиток на выбор', 'Подарочный набор')"),
        Dropped.Fact("settings", where: "updated_at is not null"),
    ];

    protected override string VerifySql => """
        select (select count(*) from settings) = 1
            and (select count(*) from pg_tables where schemaname = current_schema()
                and tablename in ('point_lots', 'point_lot_uses', 'campaigns', 'quotes')) = 4
            and not has_table_privilege('loyalty', 'point_lot_uses', 'update')
        """;
}
