-- Points for what is paid. A bonus comes on top of points: an order that earns none gets no bonus.
create or replace function order_points(
    p_paid numeric, p_roubles_per_point numeric, p_level_multiplier numeric, p_campaign_multiplier numeric, p_campaign_bonus bigint) returns bigint
language sql immutable as $$
    select (floor(floor(p_paid / p_roubles_per_point) * p_level_multiplier * coalesce(p_campaign_multiplier, 1))
        + case when p_paid >= p_roubles_per_point then coalesce(p_campaign_bonus, 0) else 0 end)::bigint
$$;
