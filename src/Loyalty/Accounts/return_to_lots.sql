-- Gives points back to the lots that an entry took them from, to the newest first, and says how many: no more than it took and has not got
-- back yet. They keep the date from which they expire.
create or replace function return_to_lots(p_user_id bigint, p_entry_id bigint, p_points bigint, p_spend_entry_id bigint) returns bigint
language sql as $$
    with lot as (
        select lot_entry_id, sum(points) as used, sum(sum(points)) over (order by lot_entry_id desc) - sum(points) as before
        from point_lot_uses where user_id = p_user_id and spend_entry_id = p_spend_entry_id
        group by lot_entry_id having sum(points) > 0
    ), returned as (
        select lot_entry_id, least(used, p_points - before)::bigint as points from lot where before < p_points
    ), unused as (
        insert into point_lot_uses (user_id, spend_entry_id, lot_entry_id, entry_id, points)
        select p_user_id, p_spend_entry_id, lot_entry_id, p_entry_id, -points from returned
    ), lots as (
        update point_lots lot set points_left = lot.points_left + returned.points
        from returned where lot.user_id = p_user_id and lot.entry_id = returned.lot_entry_id
    )
    select coalesce(sum(points), 0)::bigint from returned
$$;
