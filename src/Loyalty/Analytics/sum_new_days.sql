-- Adds the orders and refunds that can no longer change in number to the totals of their days, at most p_batch ids of each. Answers whether
-- more of them wait.
create or replace function sum_new_days(p_time_zone text, p_batch bigint) returns boolean
language plpgsql as $$
declare
    v_progress record;
    v_orders_to bigint;
    v_refunds_to bigint;
begin
    select time_zone, order_id, refund_id, next_order_id, next_refund_id, next_xid into v_progress from day_totals_progress for update;

    -- Days begin elsewhere in another time zone.
    if v_progress.time_zone <> p_time_zone then
        delete from day_totals;
        v_progress.order_id := 0;
        v_progress.refund_id := 0;
        update day_totals_progress set time_zone = p_time_zone, order_id = 0, refund_id = 0;
    end if;

    -- An id is taken before its transaction ends, so a lower one may appear later than a higher one. Transactions of before a restore into
    -- another server, whose numbers may be higher than any here, have ended too.
    if v_progress.next_xid is null
        or v_progress.next_xid >= pg_snapshot_xmin(pg_current_snapshot()) and v_progress.next_xid < pg_snapshot_xmax(pg_current_snapshot()) then
        v_orders_to := v_progress.order_id;
        v_refunds_to := v_progress.refund_id;
    else
        v_orders_to := least(v_progress.next_order_id, v_progress.order_id + p_batch);
        v_refunds_to := least(v_progress.next_refund_id, v_progress.refund_id + p_batch);
    end if;

    insert into day_totals as known (
        day, shop_id, orders, paid, refunded, points_earned, points_taken_back, points_spent, points_returned)
    select day, shop_id, sum(orders), sum(paid), sum(refunded), sum(points_earned), sum(points_taken_back), sum(points_spent), sum(points_returned)
    from (
        select (placed_at at time zone p_time_zone)::date as day, coalesce(shop_id, '') as shop_id, 1 as orders, paid, 0 as refunded,
            points_earned, 0 as points_taken_back, points_spent, 0 as points_returned
        from orders where id > v_progress.order_id and id <= v_orders_to
        union all
        select (refund.refunded_at at time zone p_time_zone)::date, coalesce(refunded.shop_id, ''), 0, 0, refund.amount,
            0, refund.points_taken_back + coalesce(refund.points_corrected, 0), 0, refund.points_returned
        from refunds refund join orders refunded on refunded.id = refund.order_id
        where refund.id > v_progress.refund_id and refund.id <= v_refunds_to
    ) new
    group by day, shop_id
    on conflict (day, shop_id) do update set
        orders = known.orders + excluded.orders,
        paid = known.paid + excluded.paid,
        refunded = known.refunded + excluded.refunded,
        points_earned = known.points_earned + excluded.points_earned,
        points_taken_back = known.points_taken_back + excluded.points_taken_back,
        points_spent = known.points_spent + excluded.points_spent,
        points_returned = known.points_returned + excluded.points_returned;

    update day_totals_progress set order_id = v_orders_to, refund_id = v_refunds_to;
    if v_orders_to < v_progress.next_order_id or v_refunds_to < v_progress.next_refund_id then
        return v_orders_to > v_progress.order_id or v_refunds_to > v_progress.refund_id;
    end if;

    update day_totals_progress set
        next_order_id = greatest(v_orders_to, (select max(id) from orders)),
        next_refund_id = greatest(v_refunds_to, (select max(id) from refunds)),
        next_xid = pg_current_xact_id();
    return false;
end $$;
