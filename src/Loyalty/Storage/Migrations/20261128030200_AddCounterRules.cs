using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>
/// Only unknown codes count as guesses, in a window that slides; staff cannot serve themselves; an order has a largest amount; a guest
/// is given so many codes in a while.
/// </summary>
/// <remarks>
/// The functions take the arguments that they took before, so the release before this one calls them too; the arguments that are new
/// have defaults, by which the rules that need them do not apply. What they replace stays under another name, so that rolling back
/// restores it to the letter.
/// </remarks>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261128030200_AddCounterRules")]
internal sealed class AddCounterRules : SqlMigration
{
    protected override string UpSql => """
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

        alter function look_up_code rename to look_up_code_counting_all;
        alter function price_order rename to price_order_of_any_amount;
        alter function place_order rename to place_order_of_any_amount;

        -- What a code is at this moment: 'live' or why not. One that ended a moment ago is told apart from one that nobody was given, and
        -- is no guess; after ten minutes only the member of the staff who used it is told what became of it.
        create function look_up_code(
            p_staff_id bigint, p_code text, p_now timestamptz, p_wrong_codes_per_minute int, p_own_user_id bigint default null,
            out result text, out user_id bigint, out expires_at timestamptz, out retry_after int)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_code record;
            v_tries timestamptz[];
        begin
            perform lock_staff(p_staff_id);

            -- A member of the staff who has entered too many wrong codes waits, even with a right one: otherwise guessing would pay.
            v_tries := array(
                select tried from rate_limits, unnest(taken_at) tried
                where limit_name = 'wrong_codes' and subject = 'staff:' || p_staff_id and tried > p_now - interval '1 minute'
                order by tried desc);
            if cardinality(v_tries) >= p_wrong_codes_per_minute then
                result := 'too_many_wrong_codes';
                retry_after := ceil(extract(epoch from v_tries[p_wrong_codes_per_minute] + interval '1 minute' - p_now))::int;
                return;
            end if;

            select held.user_id, held.issued_at, held.expires_at, held.used_at, held.replaced_at,
                greatest(held.expires_at, held.used_at, held.replaced_at) < p_now - interval '10 minutes'
                    and not exists (select from orders where orders.id = held.order_id and orders.staff_id = p_staff_id) as is_forgotten
            into v_code
            from payment_codes held where held.code = p_code;
            if not found or v_code.is_forgotten then
                insert into rate_limits (limit_name, subject, taken_at, granted, expires_at)
                values ('wrong_codes', 'staff:' || p_staff_id, array[p_now], true, p_now + interval '1 minute')
                on conflict (limit_name, subject) do update set taken_at = array_append(v_tries, p_now), expires_at = excluded.expires_at;
                result := 'code_unknown';
                return;
            end if;

            if v_code.used_at is not null then
                result := 'code_used';
                return;
            end if;
            if v_code.replaced_at is not null or v_code.expires_at <= p_now then
                result := case when exists (
                        select from payment_codes newer
                        where newer.user_id = v_code.user_id and newer.used_at is null and newer.replaced_at is null and newer.expires_at > p_now)
                    then 'code_replaced' else 'code_expired' end;
                return;
            end if;

            if v_code.user_id = p_own_user_id then
                -- One alert a code, however often it is tried.
                insert into alerts (kind, staff_id, user_id, raised_at)
                select 'code_own', p_staff_id, p_own_user_id, p_now
                where not exists (
                    select from alerts raised
                    where raised.staff_id = p_staff_id and raised.kind = 'code_own' and raised.raised_at >= v_code.issued_at);
                result := 'code_own';
                return;
            end if;

            result := 'live';
            user_id := v_code.user_id;
            expires_at := v_code.expires_at;
        end $$;

        -- What an order earns and may spend: the same for one that is placed and one that is only asked about.
        create function price_order(
            p_level text, p_balance bigint, p_amount numeric, p_spend bigint, p_max_points_share numeric, p_max_order numeric default null,
            out result text, out max_points bigint, out paid numeric, out points_earned bigint, out multiplier numeric)
        language plpgsql stable as $$
        begin
            max_points := least(floor(p_amount * p_max_points_share), p_balance);
            paid := p_amount - p_spend;
            select earn_multiplier into multiplier from levels where key = p_level;
            points_earned := floor(floor(paid / 100) * multiplier);
            result := case
                when p_amount > p_max_order then 'amount_too_large'
                when p_spend > floor(p_amount * p_max_points_share) then 'too_many_points_for_order'
                when p_spend > p_balance then 'not_enough_points'
                else 'priced' end;
        end $$;

        -- The whole of an order in one round trip.
        create function place_order(
            p_staff_id bigint, p_code text, p_amount numeric, p_spend bigint, p_shop_id text,
            p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
            p_max_points_share numeric, p_wrong_codes_per_minute int,
            p_order_event uuid, p_level_event uuid, p_traceparent text,
            p_own_user_id bigint default null, p_max_order numeric default null,
            out result text, out order_id bigint, out user_id bigint, out points_earned bigint, out points_spent bigint, out paid numeric,
            out balance bigint, out level_before text, out level_after text, out max_points bigint, out retry_after int, out debt_paid bigint)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_account record;
            v_earlier record;
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
                select earlier.id, earlier.user_id, earlier.points_earned, earlier.points_spent, earlier.paid, earlier.balance_after,
                    earlier.level_before, earlier.level_after, earlier.debt_paid, earlier.request_hash
                into v_earlier
                from orders earlier where earlier.staff_id = p_staff_id and earlier.idempotency_key = p_idempotency_key;
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

            -- What uses or ends a code of this guest holds their account, so the code stays as it is looked up here.
            select account.user_id, account.points, account.debt, account.lifetime_points, account.level, account.version
            into v_account
            from accounts account join payment_codes held on held.user_id = account.user_id where held.code = p_code for update of account;
            select code.result, code.user_id, code.retry_after into v_code
            from look_up_code(p_staff_id, p_code, p_now, p_wrong_codes_per_minute, p_own_user_id) code;
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

            select price.result, price.max_points, price.paid, price.points_earned into v_price
            from price_order(v_account.level, v_account.points, p_amount, p_spend, p_max_points_share, p_max_order) price;
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

            insert into orders (user_id, staff_id, shop_id, code, amount, paid, points_earned, points_spent, debt_paid, balance_after,
                level_before, level_after, idempotency_key, request_hash, placed_at)
            values (user_id, p_staff_id, p_shop_id, p_code, p_amount, paid, points_earned, points_spent, debt_paid, balance,
                level_before, level_after, p_idempotency_key, case when p_idempotency_key is not null then p_request_hash end, p_now)
            returning id into order_id;

            update payment_codes set used_at = p_now, order_id = place_order.order_id where code = p_code;

            select points, debt into v_points, v_debt
            from add_point_entry(user_id, -points_spent, 'spend', 'order:' || order_id, p_now, v_account.points, v_account.debt);
            select points, debt into v_points, v_debt
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
                    'userId', user_id, 'from', level_before, 'to', level_after,
                    'version', v_account.version + 1, 'changedAt', v_event_time), p_traceparent, p_now);
            end if;

            result := 'placed';
        end $$;

        -- Gives the guest a code and ends the one before it. A repetition by its key replaces nothing: it gives the live code that the guest
        -- has, or a new one when there is none. No limit when it is null. Of the codes given within p_window all rows are there still,
        -- since a number rests for ten minutes after its end.
        create function give_payment_code(
            p_user_id bigint, p_candidates text[], p_now timestamptz, p_expires_at timestamptz, p_limit int, p_window interval,
            p_subject text, p_route text, p_idempotency_key text,
            out result text, out code text, out expires_at timestamptz, out retry_after int)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_candidate text;
            v_given timestamptz[];
            v_ended text;
        begin
            perform 1 from accounts where user_id = p_user_id for update;
            if not found then
                result := 'account_opening';
                return;
            end if;
            if exists (select from guest_names where user_id = p_user_id and erased_at is not null) then
                result := 'account_not_found';
                return;
            end if;

            if exists (select from idempotency_keys where subject = p_subject and route = p_route and key = p_idempotency_key) then
                select held.code, held.expires_at into code, expires_at
                from payment_codes held
                where held.user_id = p_user_id and held.used_at is null and held.replaced_at is null and held.expires_at > p_now;
                if found then
                    result := 'given';
                    return;
                end if;
            end if;

            v_given := array(
                select issued_at from payment_codes where user_id = p_user_id and issued_at > p_now - p_window order by issued_at desc);
            if cardinality(v_given) >= p_limit then
                result := 'too_many_codes';
                retry_after := ceil(extract(epoch from v_given[p_limit] + p_window - p_now))::int;
                return;
            end if;

            update payment_codes held set replaced_at = p_now
            where held.user_id = p_user_id and held.used_at is null and held.replaced_at is null
            returning held.code into v_ended;

            foreach v_candidate in array p_candidates loop
                insert into payment_codes as held (code, user_id, issued_at, expires_at)
                values (v_candidate, p_user_id, p_now, p_expires_at)
                on conflict (code) do update
                    set user_id = excluded.user_id, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
                        used_at = null, replaced_at = null, order_id = null
                    where greatest(held.expires_at, held.used_at, held.replaced_at) < p_now - interval '10 minutes';
                if found then
                    if p_idempotency_key is not null then
                        insert into idempotency_keys (subject, route, key, request_hash, created_at, keep)
                        values (p_subject, p_route, p_idempotency_key, '', p_now, false)
                        on conflict do nothing;
                    end if;
                    result := 'given';
                    code := v_candidate;
                    expires_at := p_expires_at;
                    return;
                end if;
            end loop;

            -- The guest keeps the code that they have.
            update payment_codes held set replaced_at = null where held.code = v_ended;
            result := 'codes_exhausted';
        end $$;
        """;

    protected override string DownSql => """
        drop function give_payment_code;
        drop function place_order;
        drop function price_order;
        drop function look_up_code;
        alter function place_order_of_any_amount rename to place_order;
        alter function price_order_of_any_amount rename to price_order;
        alter function look_up_code_counting_all rename to look_up_code;
        drop table alerts;
        """;

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("alerts")];

    protected override string VerifySql => """
        select (select pronargs from pg_proc where oid = to_regproc('place_order')) = 15
            and to_regproc('place_order_of_any_amount') is not null
            and to_regproc('give_payment_code') is not null
            and not has_table_privilege('loyalty', 'alerts', 'delete')
        """;
}
