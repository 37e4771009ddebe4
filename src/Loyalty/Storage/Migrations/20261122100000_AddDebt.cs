using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>
/// Points that a guest owes, which his earnings pay first; and a code that can be looked at before it pays, with one limit on
/// wrong ones whatever they are entered for.
/// </summary>
/// <remarks>
/// <c>place_order</c> takes the same arguments as before, so the release before this one calls it too. The function that it
/// replaces stays under another name, so that rolling back restores it to the letter. Points that paid a debt have entries which
/// only the new checks allow: with such entries, the roll-back refuses.
/// </remarks>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261122100000_AddDebt")]
internal sealed class AddDebt : SqlMigration
{
    protected override string UpSql => """
        alter table accounts
            add column debt bigint not null default 0 constraint ck_accounts_debt check (debt >= 0),
            add constraint ck_accounts_debt_is_paid_first check (points = 0 or debt = 0);

        -- Validated by a migration of its own, since it reads every entry.
        alter table point_entries add column debt_delta bigint not null default 0;
        alter table point_entries drop constraint ck_point_entries_delta;
        alter table point_entries add constraint ck_point_entries_delta check (delta <> 0 or debt_delta <> 0) not valid;
        alter table point_entries drop constraint ck_point_entries_reason;
        alter table point_entries add constraint ck_point_entries_reason check (reason in ('earn', 'spend', 'return', 'take_back')) not valid;

        alter table orders
            add column debt_paid bigint not null default 0 constraint ck_orders_debt_paid check (debt_paid between 0 and points_earned);

        -- The calls of one member of the staff go one at a time, so that of many codes guessed at once no more are judged than he may enter.
        -- Taken before every other lock. Then comes the account's, then all else.
        create function lock_staff(p_staff_id bigint) returns void
        language sql as $$ select pg_advisory_xact_lock(hashtextextended('loyalty.staff', p_staff_id)) $$;

        -- What a code is at this moment: 'live' or why not. Every wrong one counts, whatever it was entered for.
        create function look_up_code(
            p_staff_id bigint, p_code text, p_now timestamptz, p_wrong_codes_per_minute int,
            out result text, out user_id bigint, out expires_at timestamptz, out retry_after int)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_code payment_codes;
            v_too_many boolean;
        begin
            perform lock_staff(p_staff_id);

            -- Whoever has entered too many wrong codes waits, even with a right one: otherwise guessing would pay.
            select tries >= p_wrong_codes_per_minute, ceil(extract(epoch from window_started_at + interval '1 minute' - p_now))::int
            into v_too_many, retry_after
            from wrong_codes where staff_id = p_staff_id and window_started_at > p_now - interval '1 minute';
            if v_too_many then
                result := 'too_many_wrong_codes';
                return;
            end if;

            select * into v_code from payment_codes where code = p_code;
            if v_code.used_at is not null then
                result := 'code_used';
                return;
            end if;
            if v_code.code is null or v_code.replaced_at is not null or v_code.expires_at <= p_now then
                select too_many, counted.retry_after into v_too_many, retry_after
                from count_wrong_code(p_staff_id, p_now, p_wrong_codes_per_minute) counted;
                result := case when v_too_many then 'too_many_wrong_codes' when v_code.code is null then 'code_unknown' else 'code_expired' end;
                return;
            end if;

            result := 'live';
            user_id := v_code.user_id;
            expires_at := v_code.expires_at;
        end $$;

        -- What an order earns and may spend: the same for one that is placed and one that is only asked about.
        create function price_order(
            p_level text, p_balance bigint, p_amount numeric, p_spend bigint, p_max_points_share numeric,
            out result text, out max_points bigint, out paid numeric, out points_earned bigint, out multiplier numeric)
        language plpgsql stable as $$
        begin
            max_points := least(floor(p_amount * p_max_points_share), p_balance);
            paid := p_amount - p_spend;
            select earn_multiplier into multiplier from levels where key = p_level;
            points_earned := floor(floor(paid / 100) * multiplier);
            result := case
                when p_spend > floor(p_amount * p_max_points_share) then 'too_many_points_for_order'
                when p_spend > p_balance then 'not_enough_points'
                else 'priced' end;
        end $$;

        -- Writes one entry of the ledger, unless nothing changes: what comes pays the debt first, what goes and is not there becomes debt.
        create function add_point_entry(
            p_user_id bigint, p_change bigint, p_reason text, p_source_id text, p_now timestamptz, inout points bigint, inout debt bigint)
        language plpgsql as $$
        declare
            v_points bigint := greatest(points - debt + p_change, 0);
            v_debt bigint := greatest(debt - points - p_change, 0);
        begin
            if p_change <> 0 then
                insert into point_entries (user_id, delta, debt_delta, reason, source_id, balance_after, created_at)
                values (p_user_id, v_points - points, v_debt - debt, p_reason, p_source_id, v_points, p_now);
            end if;
            points := v_points;
            debt := v_debt;
        end $$;

        alter function place_order rename to place_order_without_debt;

        -- The whole of an order in one round trip.
        create function place_order(
            p_staff_id bigint, p_code text, p_amount numeric, p_spend bigint, p_shop_id text,
            p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
            p_max_points_share numeric, p_wrong_codes_per_minute int,
            p_order_event uuid, p_level_event uuid, p_traceparent text,
            out result text, out order_id bigint, out user_id bigint, out points_earned bigint, out points_spent bigint, out paid numeric,
            out balance bigint, out level_before text, out level_after text, out max_points bigint, out retry_after int, out debt_paid bigint)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_account accounts;
            v_earlier orders;
            v_code record;
            v_price record;
            v_points bigint;
            v_debt bigint;
            v_lifetime bigint;
            v_event_time text := to_char(p_now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        begin
            perform lock_staff(p_staff_id);

            -- After that lock: of two calls with one key, the second sees here what the first has done.
            if p_idempotency_key is not null then
                select * into v_earlier from orders where staff_id = p_staff_id and idempotency_key = p_idempotency_key;
                if found then
                    if v_earlier.request_hash <> p_request_hash then
                        result := 'idempotency_key_reused';
                        return;
                    end if;
                    result := 'repeated';
                    order_id := v_earlier.id;
                    user_id := v_earlier.user_id;
                    points_earned := v_earlier.points_earned;
                    points_spent := v_earlier.points_spent;
                    paid := v_earlier.paid;
                    balance := v_earlier.balance_after;
                    level_before := v_earlier.level_before;
                    level_after := v_earlier.level_after;
                    debt_paid := v_earlier.debt_paid;
                    return;
                end if;
            end if;

            -- Whoever uses or ends a code of this guest holds his account, so the code stays as it is looked up here.
            select accounts.* into v_account
            from accounts join payment_codes using (user_id) where payment_codes.code = p_code for update of accounts;
            select * into v_code from look_up_code(p_staff_id, p_code, p_now, p_wrong_codes_per_minute);
            if v_code.result <> 'live' then
                result := v_code.result;
                retry_after := v_code.retry_after;
                return;
            end if;
            -- The number went to another guest between the two.
            if v_code.user_id is distinct from v_account.user_id then
                result := 'code_expired';
                return;
            end if;

            select * into v_price from price_order(v_account.level, v_account.points, p_amount, p_spend, p_max_points_share);
            if v_price.result <> 'priced' then
                result := v_price.result;
                max_points := v_price.max_points;
                balance := v_account.points;
                return;
            end if;

            user_id := v_account.user_id;
            points_spent := p_spend;
            points_earned := v_price.points_earned;
            paid := v_price.paid;
            -- What is owed and spent are never both above zero, so only what is earned can pay it.
            debt_paid := least(v_account.debt, points_earned);
            balance := v_account.points - points_spent + points_earned - debt_paid;
            level_before := v_account.level;
            v_lifetime := v_account.lifetime_points + points_earned;
            -- The highest level reached, and never one below the level held.
            select key into level_after from levels
            where threshold <= v_lifetime and rank >= (select rank from levels where key = v_account.level)
            order by rank desc limit 1;
            level_after := coalesce(level_after, v_account.level);

            insert into orders (user_id, staff_id, shop_id, code, amount, paid, points_earned, points_spent, debt_paid, balance_after, level_before, level_after,
                idempotency_key, request_hash, placed_at)
            values (user_id, p_staff_id, p_shop_id, p_code, p_amount, paid, points_earned, points_spent, debt_paid, balance, level_before, level_after,
                p_idempotency_key, case when p_idempotency_key is not null then p_request_hash end, p_now)
            returning id into order_id;

            update payment_codes set used_at = p_now, order_id = place_order.order_id where code = p_code;

            select * into v_points, v_debt
            from add_point_entry(user_id, -points_spent, 'spend', 'order:' || order_id, p_now, v_account.points, v_account.debt);
            select * into v_points, v_debt
            from add_point_entry(user_id, points_earned, 'earn', 'order:' || order_id, p_now, v_points, v_debt);

            update accounts set
                points = v_points, debt = v_debt, lifetime_points = v_lifetime, lifetime_spend = lifetime_spend + paid,
                level = level_after, level_since = case when level_after <> level_before then p_now else level_since end, version = version + 1
            where accounts.user_id = v_account.user_id;

            insert into outbox (id, type, payload, traceparent, created_at)
            values (p_order_event, 'Platform.Contracts.Loyalty.OrderPlaced', jsonb_strip_nulls(jsonb_build_object(
                'orderId', order_id, 'userId', user_id, 'amount', p_amount, 'paid', paid, 'pointsEarned', points_earned, 'debtPaid', nullif(debt_paid, 0),
                'pointsSpent', points_spent, 'balance', balance, 'shopId', p_shop_id, 'placedAt', v_event_time)), p_traceparent, p_now);
            if level_after <> level_before then
                insert into outbox (id, type, payload, traceparent, created_at)
                values (p_level_event, 'Platform.Contracts.Loyalty.LevelChanged', jsonb_build_object(
                    'userId', user_id, 'from', level_before, 'to', level_after, 'version', v_account.version + 1, 'changedAt', v_event_time), p_traceparent, p_now);
            end if;

            result := 'placed';
        end $$;
        """;

    protected override string DownSql => """
        drop function place_order;
        alter function place_order_without_debt rename to place_order;
        drop function add_point_entry;
        drop function price_order;
        drop function look_up_code;
        drop function lock_staff;
        alter table orders drop column debt_paid;
        alter table point_entries drop constraint ck_point_entries_reason;
        alter table point_entries add constraint ck_point_entries_reason check (reason in ('earn', 'spend'));
        alter table point_entries drop constraint ck_point_entries_delta;
        alter table point_entries drop column debt_delta;
        alter table point_entries add constraint ck_point_entries_delta check (delta <> 0);
        alter table accounts drop constraint ck_accounts_debt_is_paid_first;
        alter table accounts drop column debt;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("orders", "debt_paid", where: "debt_paid <> 0"),
        Dropped.Fact("point_entries", "debt_delta", where: "debt_delta <> 0"),
        Dropped.Fact("accounts", "debt", where: "debt <> 0"),
    ];

    protected override string VerifySql => """
        select (select pronargs from pg_proc where oid = to_regproc('place_order')) = 13
            and to_regproc('place_order_without_debt') is not null
            and to_regproc('look_up_code') is not null
        """;
}
