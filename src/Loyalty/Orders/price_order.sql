-- What an order earns and may spend; both place_order and the preview use it. A null p_max_order is no limit.
create or replace function price_order(
    p_level text, p_balance bigint, p_amount numeric, p_spend_points bigint,
    p_roubles_per_point numeric, p_max_points_share numeric, p_max_order numeric,
    out outcome counter_outcome, out max_points bigint, out paid numeric, out points_earned bigint, out multiplier numeric)
language plpgsql stable as $$
declare
    v_max_share bigint := floor(p_amount * p_max_points_share);
begin
    max_points := least(v_max_share, p_balance);
    paid := p_amount - p_spend_points;
    select earn_multiplier into multiplier from levels where key = p_level;
    points_earned := floor(floor(paid / p_roubles_per_point) * multiplier);
    outcome := case
        when p_amount > p_max_order then 'amount_too_large'
        when p_spend_points > v_max_share then 'too_many_points_for_order'
        when p_spend_points > p_balance then 'not_enough_points'
        else 'priced' end;
end $$;
