-- Orders and refunds by day: the totals of days, and those that are too new to be in them. A null shop is all of them.
create or replace function days_of_orders(
    p_time_zone text, p_from date, p_to date, p_start timestamptz, p_end timestamptz, p_shop_id text)
returns table (
    day date, orders bigint, revenue numeric, points_earned bigint, points_spent bigint)
language plpgsql stable
-- The number of new ones is known only from the ids, so a plan for any ids would read the whole table.
set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    v_order_id bigint := 0;
    v_refund_id bigint := 0;
    v_summed boolean := false;
begin
    select progress.order_id, progress.refund_id, true into v_order_id, v_refund_id, v_summed
    from day_totals_progress progress where progress.time_zone = p_time_zone;
    v_order_id := coalesce(v_order_id, 0);
    v_refund_id := coalesce(v_refund_id, 0);

    return query
    select part.day, sum(part.orders)::bigint, sum(part.revenue), sum(part.points_earned)::bigint, sum(part.points_spent)::bigint
    from (
        select total.day, total.orders, total.paid - total.refunded as revenue, total.points_earned - total.points_taken_back as points_earned,
            total.points_spent - total.points_returned as points_spent
        from day_totals total
        where v_summed and total.day between p_from and p_to and (p_shop_id is null or total.shop_id = p_shop_id)
        union all
        select (placed.placed_at at time zone p_time_zone)::date, 1, placed.paid, placed.points_earned, placed.points_spent
        from orders placed
        where placed.id > v_order_id and placed.placed_at >= p_start and placed.placed_at < p_end
            and (p_shop_id is null or placed.shop_id = p_shop_id)
        union all
        select (refund.refunded_at at time zone p_time_zone)::date, 0, -refund.amount,
            -refund.points_taken_back - coalesce(refund.points_corrected, 0), -refund.points_returned
        from refunds refund join orders refunded on refunded.id = refund.order_id
        where refund.id > v_refund_id and refund.refunded_at >= p_start and refund.refunded_at < p_end
            and (p_shop_id is null or refunded.shop_id = p_shop_id)
    ) part
    group by part.day;
end $$;
