-- What a member of the staff did from one instant until before another. Refunds count when they are made.
create or replace function staff_totals(
    p_staff_id bigint, p_from timestamptz, p_to timestamptz,
    out orders bigint, out revenue numeric, out points_earned bigint, out points_spent bigint, out gifts_issued bigint, out gifts_redeemed bigint)
language sql stable as $$
    select placed.orders, placed.paid - refunded.amount, placed.points_earned - refunded.points_taken_back,
        placed.points_spent - refunded.points_returned, issued.gifts, redeemed.gifts
    from (
            select count(*) as orders, coalesce(sum(o.paid), 0) as paid, coalesce(sum(o.points_earned), 0)::bigint as points_earned,
                coalesce(sum(o.points_spent), 0)::bigint as points_spent
            from orders o where o.staff_id = p_staff_id and o.placed_at >= p_from and o.placed_at < p_to
        ) placed, (
            select coalesce(sum(r.amount), 0) as amount, coalesce(sum(r.points_taken_back), 0)::bigint as points_taken_back,
                coalesce(sum(r.points_returned), 0)::bigint as points_returned
            from refunds r where r.staff_id = p_staff_id and r.refunded_at >= p_from and r.refunded_at < p_to
        ) refunded, (
            select count(*) as gifts from gifts g where g.issued_by = p_staff_id and g.issued_at >= p_from and g.issued_at < p_to
        ) issued, (
            select count(*) as gifts from gifts g where g.redeemed_by = p_staff_id and g.redeemed_at >= p_from and g.redeemed_at < p_to
        ) redeemed
$$;
