drop function if exists price_order(text, bigint, numeric, bigint, numeric, numeric, numeric);
-- What an order earns and may spend; both place_order and the preview use it. Null for p_max_order is no limit; for the two before it, the
-- settings (the previous release passes its own); for p_at, no campaign.
create or replace function price_order(
    p_level text, p_balance bigint, p_amount numeric, p_spend_points bigint,
    p_roubles_per_point numeric, p_max_points_share numeric, p_max_order numeric,
    p_user_id bigint default null, p_at timestamptz default null, p_on date default null,
    out outcome counter_outcome, out max_points bigint, out paid numeric, out points_earned bigint, out multiplier numeric,
    out roubles_per_point numeric, out campaign_id bigint, out campaign_title text, out campaign_multiplier numeric, out campaign_bonus bigint)
language plpgsql stable as $$
#variable_conflict use_column
declare
    v_per numeric;
    v_max_share bigint;
    v_base bigint;
    v_factor numeric;
    v_best record;
begin
    select coalesce(p_roubles_per_point, settings.roubles_per_point), floor(p_amount * coalesce(p_max_points_share, settings.max_points_share))
    into v_per, v_max_share from settings;
    select level.earn_multiplier into v_factor from levels level where level.key = p_level;
    max_points := least(v_max_share, p_balance);
    paid := p_amount - p_spend_points;
    roubles_per_point := v_per;
    multiplier := v_factor;
    v_base := order_points(p_amount - p_spend_points, v_per, v_factor, null, null);
    points_earned := v_base;

    -- Of the campaigns for this guest, the one that earns them most.
    select campaign.id, campaign.title, campaign.multiplier, campaign.bonus_points, earned.points into v_best
    from campaigns campaign,
        order_points(p_amount - p_spend_points, v_per, v_factor, campaign.multiplier, campaign.bonus_points) as earned (points)
    where campaign.active and campaign.starts_at <= p_at and campaign.ends_at > p_at and earned.points > v_base
        and (campaign.levels is null or p_level = any (campaign.levels))
        and (not campaign.birthday_month or exists (
            select from accounts guest
            where guest.user_id = p_user_id and extract(month from guest.birth_date) = extract(month from p_on)))
        and (campaign.inactive_days is null or exists (
            select from accounts guest
            where guest.user_id = p_user_id and p_at - make_interval(days => campaign.inactive_days) >= coalesce(
                (select max(earlier.placed_at) from orders earlier where earlier.user_id = p_user_id and earlier.placed_at <= p_at), guest.opened_at)))
    order by earned.points desc, campaign.id limit 1;
    if found then
        campaign_id := v_best.id;
        campaign_title := v_best.title;
        campaign_multiplier := v_best.multiplier;
        campaign_bonus := v_best.bonus_points;
        points_earned := v_best.points;
    end if;

    outcome := case
        when p_amount > p_max_order then 'amount_too_large'
        when p_spend_points > v_max_share then 'too_many_points_for_order'
        when p_spend_points > p_balance then 'not_enough_points'
        else 'priced' end;
end $$;
