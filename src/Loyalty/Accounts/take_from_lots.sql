-- Takes points from the guest's lots: first from p_first_lots, then from the oldest.
create or replace function take_from_lots(p_user_id bigint, p_entry_id bigint, p_points bigint, p_first_lots bigint[]) returns void
language sql as $$
    with lot as (
        select entry_id, points_left, sum(points_left) over (order by entry_id = any (p_first_lots) is true desc, entry_id) - points_left as before
        from point_lots where user_id = p_user_id and points_left > 0
    ), taken as (
        select entry_id, least(points_left, p_points - before)::bigint as points from lot where before < p_points
    ), used as (
        insert into point_lot_uses (user_id, spend_entry_id, lot_entry_id, entry_id, points)
        select p_user_id, p_entry_id, entry_id, p_entry_id, points from taken
    )
    update point_lots lot set points_left = lot.points_left - taken.points
    from taken where lot.user_id = p_user_id and lot.entry_id = taken.entry_id
$$;
