using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>
/// Levels, accounts with their ledger, orders, payment codes, refunds, guests' names and alerts. The functions that write them are the
/// <c>.sql</c> files beside their use cases.
/// </summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261121101000_CreateLoyalty")]
internal sealed class CreateLoyalty : SqlMigration
{
    protected override string UpSql => """
        create table levels (
            key varchar(32) primary key constraint ck_levels_key check (key ~ '^[a-z][a-z0-9_]*$'),
            rank int not null unique constraint ck_levels_rank check (rank >= 0),
            threshold bigint not null unique constraint ck_levels_threshold check (threshold >= 0),
            earn_multiplier numeric(4, 2) not null constraint ck_levels_earn_multiplier check (earn_multiplier between 0 and 10)
        );
        insert into levels (key, rank, threshold, earn_multiplier) values
            ('standard', 0, 0, 1.00), ('silver', 1, 100, 1.05), ('gold', 2, 500, 1.10), ('platinum', 3, 1500, 1.20);

        -- Points or a debt, never both: points that come pay the debt first.
        create table accounts (
            user_id bigint primary key,
            points bigint not null default 0 constraint ck_accounts_points check (points >= 0),
            lifetime_points bigint not null default 0 constraint ck_accounts_lifetime_points check (lifetime_points >= 0),
            lifetime_spend numeric(12, 2) not null default 0 constraint ck_accounts_lifetime_spend check (lifetime_spend >= 0),
            level varchar(32) not null references levels (key),
            level_since timestamptz not null,
            opened_at timestamptz not null,
            version bigint not null default 1,
            debt bigint not null default 0 constraint ck_accounts_debt check (debt >= 0),
            constraint ck_accounts_debt_is_paid_first check (points = 0 or debt = 0)
        );

        -- Partitioned by guest: a history reads one partition, and the same key spreads it over machines later.
        create table point_entries (
            user_id bigint not null references accounts (user_id),
            id bigint generated always as identity,
            delta bigint not null,
            reason varchar(16) not null
                constraint ck_point_entries_reason check (reason in ('earn', 'spend', 'return', 'take_back', 'correction')),
            source_id varchar(64) not null,
            balance_after bigint not null constraint ck_point_entries_balance_after check (balance_after >= 0),
            created_at timestamptz not null,
            debt_delta bigint not null default 0,
            constraint ck_point_entries_delta check (delta <> 0 or debt_delta <> 0),
            primary key (user_id, id),
            unique (user_id, source_id, reason)
        ) partition by hash (user_id);

        do $$
        begin
            for i in 0..15 loop
                execute format('create table point_entries_%s partition of point_entries for values with (modulus 16, remainder %s)', lpad(i::text, 2, '0'), i);
                execute format('revoke update, delete, truncate on point_entries_%s from loyalty', lpad(i::text, 2, '0'));
            end loop;
        end $$;
        revoke update, delete, truncate on point_entries from loyalty;

        -- Of an order that points alone paid for no money comes back, so refunded_at says whether all of it was refunded.
        -- Null for points_due: as many as were earned.
        create table orders (
            id bigint generated always as identity primary key,
            user_id bigint not null references accounts (user_id),
            staff_id bigint not null,
            shop_id varchar(64),
            code varchar(6) not null,
            amount numeric(10, 2) not null constraint ck_orders_amount check (amount > 0),
            paid numeric(10, 2) not null constraint ck_orders_paid check (paid = amount - points_spent),
            points_earned bigint not null constraint ck_orders_points_earned check (points_earned >= 0),
            points_spent bigint not null constraint ck_orders_points_spent check (points_spent between 0 and amount),
            balance_after bigint not null constraint ck_orders_balance_after check (balance_after >= 0),
            level_before varchar(32) not null,
            level_after varchar(32) not null,
            idempotency_key varchar(255),
            request_hash bytea,
            placed_at timestamptz not null,
            debt_paid bigint not null default 0 constraint ck_orders_debt_paid check (debt_paid between 0 and points_earned),
            refunded_amount numeric(10, 2) not null default 0 constraint ck_orders_refunded_amount check (refunded_amount between 0 and paid),
            points_taken_back bigint not null default 0 constraint ck_orders_points_taken_back check (points_taken_back between 0 and points_earned),
            points_returned bigint not null default 0 constraint ck_orders_points_returned check (points_returned between 0 and points_spent),
            refunded_at timestamptz,
            points_due bigint constraint ck_orders_points_due check (points_due between 0 and points_earned),
            points_corrected bigint not null default 0
                constraint ck_orders_points_corrected check (points_corrected between 0 and points_earned - points_taken_back),
            roubles_per_point numeric(10, 2) not null constraint ck_orders_roubles_per_point check (roubles_per_point > 0),
            constraint ck_orders_idempotency check ((idempotency_key is null) = (request_hash is null)),
            constraint ck_orders_refunded_whole check (
                case when refunded_at is null then refunded_amount < paid or paid = 0
                else refunded_amount = paid and points_taken_back + points_corrected = points_earned and points_returned = points_spent end)
        );
        create unique index ix_orders_idempotency on orders (staff_id, idempotency_key) where idempotency_key is not null;
        create index ix_orders_user_id on orders (user_id, id desc);
        create index ix_orders_placed_at on orders (placed_at);

        -- One row per number, used again once it has rested, so the table never holds more than a million rows.
        create table payment_codes (
            code varchar(6) primary key constraint ck_payment_codes_code check (code ~ '^[0-9]{6}$'),
            user_id bigint not null references accounts (user_id),
            issued_at timestamptz not null,
            expires_at timestamptz not null constraint ck_payment_codes_expires_at check (expires_at > issued_at),
            used_at timestamptz,
            replaced_at timestamptz,
            order_id bigint references orders (id),
            constraint ck_payment_codes_used check ((used_at is null) = (order_id is null))
        );
        create unique index ix_payment_codes_live on payment_codes (user_id) where used_at is null and replaced_at is null;
        create index ix_payment_codes_user_id on payment_codes (user_id, issued_at);

        create table refunds (
            id bigint generated always as identity primary key,
            order_id bigint not null references orders (id),
            user_id bigint not null references accounts (user_id),
            staff_id bigint not null,
            amount numeric(10, 2) not null constraint ck_refunds_amount check (amount >= 0),
            refunded_total numeric(10, 2) not null constraint ck_refunds_refunded_total check (refunded_total >= amount),
            points_taken_back bigint not null constraint ck_refunds_points_taken_back check (points_taken_back >= 0),
            points_returned bigint not null constraint ck_refunds_points_returned check (points_returned >= 0),
            balance_after bigint not null constraint ck_refunds_balance_after check (balance_after >= 0),
            debt_after bigint not null constraint ck_refunds_debt_after check (debt_after >= 0),
            level_before varchar(32) not null,
            level_after varchar(32) not null,
            idempotency_key varchar(255),
            request_hash bytea,
            refunded_at timestamptz not null,
            points_corrected bigint constraint ck_refunds_points_corrected check (points_corrected >= 0),
            constraint ck_refunds_idempotency check ((idempotency_key is null) = (request_hash is null))
        );
        create unique index ix_refunds_idempotency on refunds (staff_id, idempotency_key) where idempotency_key is not null;
        create index ix_refunds_order_id on refunds (order_id);
        create index ix_refunds_user_id on refunds (user_id, id desc);
        revoke update, delete, truncate on refunds from loyalty;

        -- What the counter calls a guest, and the mark that a person was erased, whether they had an account or not.
        create table guest_names (
            user_id bigint primary key,
            full_name varchar(255),
            version bigint not null,
            erased_at timestamptz,
            constraint ck_guest_names_erased check (erased_at is null or full_name is null)
        );

        create table alerts (
            id bigint generated always as identity primary key,
            kind varchar(32) not null constraint ck_alerts_kind check (kind ~ '^[a-z][a-z_]*$'),
            staff_id bigint not null,
            user_id bigint not null,
            raised_at timestamptz not null
        );
        create index ix_alerts_staff_id on alerts (staff_id, raised_at);
        create index ix_alerts_user_id on alerts (user_id);
        revoke update, delete, truncate on alerts from loyalty;

        -- Outcomes of the functions; each is a C# enum of the same name.
        create type counter_outcome as enum (
            'live', 'priced', 'placed', 'repeated', 'idempotency_key_reused',
            'code_unknown', 'code_expired', 'code_replaced', 'code_used', 'code_own', 'too_many_wrong_codes',
            'amount_too_large', 'too_many_points_for_order', 'not_enough_points');
        create type refund_outcome as enum (
            'refunded', 'repeated', 'idempotency_key_reused', 'order_not_found', 'order_refunded', 'guest_erased', 'undo_window_over',
            'refund_too_large');
        create type code_outcome as enum ('given', 'account_opening', 'account_not_found', 'too_many_codes', 'codes_exhausted');
        """;

    protected override string DownSql => """
        drop type counter_outcome, refund_outcome, code_outcome cascade;
        drop table alerts, guest_names, refunds, payment_codes, orders, point_entries, accounts, levels;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("alerts"),
        Dropped.Fact("guest_names", where: "erased_at is not null"),
        Dropped.Fact("refunds"),
        Dropped.Derived("payment_codes", "they live for minutes, and orders say what they paid for"),
        Dropped.Fact("orders"),
        Dropped.Fact("point_entries"),
        Dropped.Fact("accounts"),
        Dropped.Derived("levels", "the way up fills it"),
    ];

    protected override string VerifySql => """
        select (select count(*) from levels) = 4
            and (select count(*) from pg_inherits where inhparent = 'point_entries'::regclass) = 16
            and (select bool_and(not has_table_privilege('loyalty', name, 'update') and not has_table_privilege('loyalty', name, 'delete'))
                from unnest(array['point_entries', 'refunds', 'alerts']) name)
        """;
}
