using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Orders are given back, in whole or in parts, and their points with them.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261122101000_AddRefunds")]
internal sealed class AddRefunds : SqlMigration
{
    protected override string UpSql => """
        -- Of an order that points alone paid no money comes back, so refunded_at says whether all of it was given back.
        alter table orders
            add column refunded_amount numeric(10, 2) not null default 0 constraint ck_orders_refunded_amount check (refunded_amount between 0 and paid),
            add column points_taken_back bigint not null default 0 constraint ck_orders_points_taken_back check (points_taken_back between 0 and points_earned),
            add column points_returned bigint not null default 0 constraint ck_orders_points_returned check (points_returned between 0 and points_spent),
            add column refunded_at timestamptz,
            add constraint ck_orders_refunded_whole check (
                case when refunded_at is null then refunded_amount < paid or paid = 0
                else refunded_amount = paid and points_taken_back = points_earned and points_returned = points_spent end);

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
            constraint ck_refunds_idempotency check ((idempotency_key is null) = (request_hash is null))
        );
        create unique index ix_refunds_idempotency on refunds (staff_id, idempotency_key) where idempotency_key is not null;
        create index ix_refunds_order_id on refunds (order_id);
        create index ix_refunds_user_id on refunds (user_id, id desc);
        revoke update, delete, truncate on refunds from loyalty;

        -- The whole of a refund in one round trip. Null for p_amount means all that is left; null for p_undo_window means whoever's order, at any time.
        create function refund_order(
            p_order_id bigint, p_staff_id bigint, p_amount numeric, p_undo_window interval,
            p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
            p_subject text, p_role text, p_actor text, p_address text, p_event uuid, p_traceparent text,
            out result text, out refunded numeric, out refunded_total numeric, out points_taken_back bigint, out points_returned bigint,
            out balance bigint, out debt bigint, out level_after text, out left_to_refund numeric)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_account accounts;
            v_order orders;
            v_earlier refunds;
            v_refund_id bigint;
        begin
            perform lock_staff(p_staff_id);

            if p_idempotency_key is not null then
                select * into v_earlier from refunds where staff_id = p_staff_id and idempotency_key = p_idempotency_key;
                if found then
                    if v_earlier.request_hash <> p_request_hash then
                        result := 'idempotency_key_reused';
                        return;
                    end if;
                    result := 'repeated';
                    refunded := v_earlier.amount;
                    refunded_total := v_earlier.refunded_total;
                    points_taken_back := v_earlier.points_taken_back;
                    points_returned := v_earlier.points_returned;
                    balance := v_earlier.balance_after;
                    debt := v_earlier.debt_after;
                    level_after := v_earlier.level_after;
                    return;
                end if;
            end if;

            -- Two refunds of one order take turns at the account, and the second reads the order after the first.
            select accounts.* into v_account
            from accounts join orders using (user_id) where orders.id = p_order_id for update of accounts;
            select * into v_order from orders where id = p_order_id;
            if v_order.id is null or (p_undo_window is not null and v_order.staff_id <> p_staff_id) then
                result := 'order_not_found';
                return;
            end if;
            left_to_refund := v_order.paid - v_order.refunded_amount;
            if v_order.refunded_at is not null then
                result := 'order_refunded';
                return;
            end if;
            if p_now > v_order.placed_at + p_undo_window then
                result := 'undo_window_over';
                return;
            end if;
            if p_amount > left_to_refund then
                result := 'refund_too_large';
                return;
            end if;

            refunded := coalesce(p_amount, left_to_refund);
            refunded_total := v_order.refunded_amount + refunded;
            left_to_refund := v_order.paid - refunded_total;
            -- As much of the points as of the money, rounded down over all refunds of the order so far: the last one takes what is left exactly.
            if left_to_refund = 0 then
                points_taken_back := v_order.points_earned - v_order.points_taken_back;
                points_returned := v_order.points_spent - v_order.points_returned;
            else
                points_taken_back := div(v_order.points_earned * refunded_total, v_order.paid) - v_order.points_taken_back;
                points_returned := div(v_order.points_spent * refunded_total, v_order.paid) - v_order.points_returned;
            end if;

            v_account.lifetime_points := v_account.lifetime_points - points_taken_back;
            -- The highest level that is still reached, and never one above the level held.
            select key into level_after from levels
            where threshold <= v_account.lifetime_points and rank <= (select rank from levels where key = v_account.level)
            order by rank desc limit 1;
            level_after := coalesce(level_after, v_account.level);
            -- What comes back comes first, so that no more becomes debt than must.
            balance := greatest(v_account.points - v_account.debt + points_returned - points_taken_back, 0);
            debt := greatest(v_account.debt - v_account.points - points_returned + points_taken_back, 0);

            insert into refunds (order_id, user_id, staff_id, amount, refunded_total, points_taken_back, points_returned, balance_after, debt_after,
                level_before, level_after, idempotency_key, request_hash, refunded_at)
            values (p_order_id, v_account.user_id, p_staff_id, refunded, refunded_total, points_taken_back, points_returned, balance, debt,
                v_account.level, level_after, p_idempotency_key, case when p_idempotency_key is not null then p_request_hash end, p_now)
            returning id into v_refund_id;

            update orders set
                refunded_amount = refund_order.refunded_total,
                points_taken_back = orders.points_taken_back + refund_order.points_taken_back,
                points_returned = orders.points_returned + refund_order.points_returned,
                refunded_at = case when left_to_refund = 0 then p_now end
            where id = p_order_id;

            select * into v_account.points, v_account.debt
            from add_point_entry(v_account.user_id, points_returned, 'return', 'refund:' || v_refund_id, p_now, v_account.points, v_account.debt);
            select * into v_account.points, v_account.debt
            from add_point_entry(v_account.user_id, -points_taken_back, 'take_back', 'refund:' || v_refund_id, p_now, v_account.points, v_account.debt);

            update accounts set
                points = v_account.points, debt = v_account.debt,
                lifetime_points = v_account.lifetime_points, lifetime_spend = lifetime_spend - refunded,
                level = level_after, level_since = case when level_after <> v_account.level then p_now else level_since end, version = version + 1
            where user_id = v_account.user_id;

            insert into audit (at, subject, role, actor, action, target, details, address, trace_id)
            values (p_now, p_subject, p_role, p_actor, 'order.refund', 'order:' || p_order_id,
                jsonb_build_object('amount', refunded, 'refundedTotal', refunded_total, 'pointsTakenBack', points_taken_back, 'pointsReturned', points_returned),
                p_address, split_part(p_traceparent, '-', 2));

            insert into outbox (id, type, payload, traceparent, created_at)
            values (p_event, 'Platform.Contracts.Loyalty.OrderRefunded', jsonb_build_object(
                'refundId', v_refund_id, 'orderId', p_order_id, 'userId', v_account.user_id, 'amount', refunded, 'refundedTotal', refunded_total,
                'pointsTakenBack', points_taken_back, 'pointsReturned', points_returned, 'balance', balance, 'debt', debt, 'level', level_after,
                'version', v_account.version + 1, 'refundedAt', to_char(p_now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), p_traceparent, p_now);

            result := 'refunded';
        end $$;
        """;

    protected override string DownSql => """
        drop function refund_order;
        drop table refunds;
        alter table orders drop constraint ck_orders_refunded_whole;
        alter table orders drop column refunded_at, drop column points_returned, drop column points_taken_back, drop column refunded_amount;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("refunds"),
        Dropped.Fact("orders", "refunded_at"),
        Dropped.Fact("orders", "points_returned", where: "points_returned <> 0"),
        Dropped.Fact("orders", "points_taken_back", where: "points_taken_back <> 0"),
        Dropped.Fact("orders", "refunded_amount", where: "refunded_amount <> 0"),
    ];

    protected override string VerifySql => """
        select to_regproc('refund_order') is not null and to_regclass('ix_refunds_idempotency') is not null
            and not has_table_privilege('loyalty', 'refunds', 'update')
        """;
}
