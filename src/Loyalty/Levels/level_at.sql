-- The level by which an order of the past earns: that of its time, or today's if a refund has lowered it since.
create or replace function level_at(p_user_id bigint, p_level text, p_at timestamptz) returns text
language sql stable as $$
    select level.key from levels level
    where level.key in (p_level, (
        select changed.level_before
        from (
            select placed.placed_at as at, placed.level_before from orders placed
            where placed.user_id = p_user_id and placed.placed_at > p_at and placed.level_before <> placed.level_after
            union all
            select refund.refunded_at, refund.level_before from refunds refund
            where refund.user_id = p_user_id and refund.refunded_at > p_at and refund.level_before <> refund.level_after
        ) changed
        order by changed.at limit 1))
    order by level.rank limit 1
$$;
