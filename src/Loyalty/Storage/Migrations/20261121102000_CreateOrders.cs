using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

[DbContext(typeof(LoyaltyDb))]
[Migration("20261121102000_CreateOrders")]
internal sealed class CreateOrders : SqlMigration
{
    protected override string UpSql => """
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
            constraint ck_orders_idempotency check ((idempotency_key is null) = (request_hash is null))
        );
        create unique index ix_orders_idempotency on orders (staff_id, idempotency_key) where idempotency_key is not null;
        create index ix_orders_user_id on orders (user_id, id desc);
        create index ix_orders_placed_at on orders (placed_at);
        alter table payment_codes add foreign key (order_id) references orders (id);

        -- Wrong codes entered by a member of the staff since the start of his current minute.
        create table wrong_codes (
            staff_id bigint primary key,
            window_started_at timestamptz not null,
            tries int not null
        );

        create function count_wrong_code(p_staff_id bigint, p_now timestamptz, p_limit int, out too_many boolean, out retry_after int)
        language sql as $$
            insert into wrong_codes as counted (staff_id, window_started_at, tries) values (p_staff_id, p_now, 1)
            on conflict (staff_id) do update set
                tries = case when counted.window_started_at > p_now - interval '1 minute' then counted.tries + 1 else 1 end,
                window_started_at = case when counted.window_started_at > p_now - interval '1 minute' then counted.window_started_at else p_now end
            returning tries > p_limit, ceil(extract(epoch from window_started_at + interval '1 minute' - p_now))::int
        $$;

        -- The whole of an order in one round trip. Locks go from the code to the account, always in this order.
        create function place_order(
            p_staff_id bigint, p_code text, p_amount numeric, p_spend bigint, p_shop_id text,
            p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
            p_max_points_share numeric, p_wrong_codes_per_minute int,
            p_order_event uuid, p_level_event uuid, p_traceparent text,
            out result text, out order_id bigint, out user_id bigint, out points_earned bigint, out points_spent bigint, out paid numeric,
            out balance bigint, out level_before text, out level_after text, out max_points bigint, out retry_after int)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_code payment_codes;
            v_account accounts;
            v_earlier orders;
            v_lifetime bigint;
            v_too_many boolean;
            v_event_time text := to_char(p_now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        begin
            -- Whoever has entered too many wrong codes waits, even with a right one: otherwise guessing would pay.
            select tries >= p_wrong_codes_per_minute, ceil(extract(epoch from window_started_at + interval '1 minute' - p_now))::int
            into v_too_many, retry_after
            from wrong_codes where staff_id = p_staff_id and window_started_at > p_now - interval '1 minute';
            if v_too_many then
                result := 'too_many_wrong_codes';
                return;
            end if;

            select * into v_code from payment_codes where code = p_code for update;

            -- After the code's lock: of two calls with one key, the second sees here what the first has done.
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
                    return;
                end if;
            end if;

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

            select * into v_account from accounts where user_id = v_code.user_id for update;

            max_points := floor(p_amount * p_max_points_share);
            balance := v_account.points;
            if p_spend > max_points then
                result := 'too_many_points_for_order';
                return;
            end if;
            if p_spend > v_account.points then
                result := 'not_enough_points';
                return;
            end if;

            user_id := v_account.user_id;
            points_spent := p_spend;
            paid := p_amount - p_spend;
            level_before := v_account.level;
            select floor(floor(paid / 100) * earn_multiplier) into points_earned from levels where key = v_account.level;
            balance := v_account.points - points_spent + points_earned;
            v_lifetime := v_account.lifetime_points + points_earned;
            -- The highest level reached, and never one below the level held.
            select key into level_after from levels
            where threshold <= v_lifetime and rank >= (select rank from levels where key = v_account.level)
            order by rank desc limit 1;
            level_after := coalesce(level_after, v_account.level);

            insert into orders (user_id, staff_id, shop_id, code, amount, paid, points_earned, points_spent, balance_after, level_before, level_after,
                idempotency_key, request_hash, placed_at)
            values (user_id, p_staff_id, p_shop_id, p_code, p_amount, paid, points_earned, points_spent, balance, level_before, level_after,
                p_idempotency_key, case when p_idempotency_key is not null then p_request_hash end, p_now)
            returning id into order_id;

            update payment_codes set used_at = p_now, order_id = place_order.order_id where code = p_code;

            if points_spent > 0 then
                insert into point_entries (user_id, delta, reason, source_id, balance_after, created_at)
                values (user_id, -points_spent, 'spend', 'order:' || order_id, v_account.points - points_spent, p_now);
            end if;
            if points_earned > 0 then
                insert into point_entries (user_id, delta, reason, source_id, balance_after, created_at)
                values (user_id, points_earned, 'earn', 'order:' || order_id, balance, p_now);
            end if;

            update accounts set
                points = balance, lifetime_points = v_lifetime, lifetime_spend = lifetime_spend + paid,
                level = level_after, level_since = case when level_after <> level_before then p_now else level_since end, version = version + 1
            where accounts.user_id = v_account.user_id;

            insert into outbox (id, type, payload, traceparent, created_at)
            values (p_order_event, 'Platform.Contracts.Loyalty.OrderPlaced', jsonb_strip_nulls(jsonb_build_object(
                'orderId', order_id, 'userId', user_id, 'amount', p_amount, 'paid', paid, 'pointsEarned', points_earned, 'pointsSpent', points_spent,
                'balance', balance, 'shopId', p_shop_id, 'placedAt', v_event_time)), p_traceparent, p_now);
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
        drop function count_wrong_code;
        drop table wrong_codes;
        alter table payment_codes drop constraint payment_codes_order_id_fkey;
        drop table orders;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("wrong_codes", "they count a minute"),
        Dropped.Fact("orders"),
    ];

    protected override string VerifySql => "select to_regproc('place_order') is not null and to_regclass('ix_orders_idempotency') is not null";
}
