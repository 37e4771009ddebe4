-- What an order of a guest would do, found by their code or by p_user_id, and a quote that the order may carry. A null p_max_order is no limit.
create or replace function quote_order(
    p_staff_id bigint, p_own_user_id bigint, p_code text, p_user_id bigint, p_amount numeric, p_spend_points bigint,
    p_now timestamptz, p_on date, p_expires_at timestamptz, p_max_order numeric,
    p_wrong_codes_limit int, p_wrong_codes_window interval, p_number_rest interval,
    out outcome counter_outcome, out user_id bigint, out retry_after int, out balance bigint, out level text, out max_points bigint,
    out paid numeric, out points_earned bigint, out roubles_per_point numeric, out level_multiplier numeric,
    out campaign_id bigint, out campaign_title text, out campaign_multiplier numeric, out campaign_bonus bigint,
    out quote_id bigint, out points_expire_at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
    v_guest bigint := p_user_id;
    v_code record;
    v_account record;
    v_price record;
begin
    if p_code is not null then
        select code.outcome, code.user_id, code.retry_after into v_code
        from look_up_code(p_staff_id, p_own_user_id, p_code, p_now, p_wrong_codes_limit, p_wrong_codes_window, p_number_rest) code;
        if v_code.outcome <> 'live' then
            outcome := v_code.outcome;
            retry_after := v_code.retry_after;
            return;
        end if;
        v_guest := v_code.user_id;
    elsif v_guest = p_own_user_id then
        outcome := 'account_own';
        return;
    end if;

    select account.points, account.level into v_account
    from accounts account
    where account.user_id = v_guest
        and not exists (select from guest_names erased where erased.user_id = v_guest and erased.erased_at is not null);
    if not found then
        outcome := 'account_not_found';
        return;
    end if;

    select price.outcome, price.max_points, price.paid, price.points_earned, price.multiplier, price.roubles_per_point,
        price.campaign_id, price.campaign_title, price.campaign_multiplier, price.campaign_bonus
    into v_price
    from price_order(v_account.level, v_account.points, p_amount, p_spend_points, null, null, p_max_order, v_guest, p_now, p_on) price;
    outcome := v_price.outcome;
    max_points := v_price.max_points;
    balance := v_account.points;
    if v_price.outcome <> 'priced' then
        return;
    end if;

    user_id := v_guest;
    level := v_account.level;
    paid := v_price.paid;
    points_earned := v_price.points_earned;
    roubles_per_point := v_price.roubles_per_point;
    level_multiplier := v_price.multiplier;
    campaign_id := v_price.campaign_id;
    campaign_title := v_price.campaign_title;
    campaign_multiplier := v_price.campaign_multiplier;
    campaign_bonus := v_price.campaign_bonus;
    if v_price.points_earned > 0 then
        select lot_expires_at(p_now, null, null, settings.points_expire_after_months) into points_expire_at from settings;
    end if;

    insert into quotes (user_id, staff_id, amount, points_spent, paid, points_earned, roubles_per_point, level, level_multiplier,
        campaign_id, campaign_title, campaign_multiplier, campaign_bonus, quoted_at, expires_at)
    values (v_guest, p_staff_id, p_amount, p_spend_points, v_price.paid, v_price.points_earned, v_price.roubles_per_point, v_account.level,
        v_price.multiplier, v_price.campaign_id, v_price.campaign_title, v_price.campaign_multiplier, v_price.campaign_bonus, p_now, p_expires_at)
    returning id into quote_id;
end $$;
