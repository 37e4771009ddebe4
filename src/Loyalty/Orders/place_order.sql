drop function if exists place_order(
    bigint, bigint, text, numeric, bigint, text, text, bytea, timestamptz, numeric, numeric, numeric, int, interval, interval, uuid, uuid, text);
-- The whole of an order in one round trip. Null for p_roubles_per_point and p_max_points_share is what the settings say; the previous release
-- passes its own. With p_placed_at the till was offline: code, level and campaign are those of that time, at most p_offline_window ago.
create or replace function place_order(
    p_staff_id bigint, p_own_user_id bigint, p_code text, p_amount numeric, p_spend_points bigint, p_shop_id text,
    p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
    p_roubles_per_point numeric, p_max_points_share numeric, p_max_order numeric,
    p_wrong_codes_limit int, p_wrong_codes_window interval, p_number_rest interval,
    p_order_event uuid, p_level_event uuid, p_traceparent text,
    p_on date default null, p_placed_at timestamptz default null, p_offline_window interval default null, p_quote_id bigint default null,
    out outcome counter_outcome, out order_id bigint, out user_id bigint, out points_earned bigint, out points_spent bigint, out paid numeric,
    out balance bigint, out level_before text, out level_after text, out max_points bigint, out retry_after int, out debt_paid bigint,
    out earn_level text, out level_multiplier numeric, out roubles_per_point numeric,
    out campaign_id bigint, out campaign_title text, out campaign_multiplier numeric, out campaign_bonus bigint, out points_expire_at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
    v_at timestamptz := coalesce(p_placed_at, p_now);
    v_shop_id text := p_shop_id;
    v_account record;
    v_earlier record;
    v_code record;
    v_price record;
    v_reached record;
    v_steps record;
    v_entry record;
    v_level text;
    v_lifetime bigint;
begin
    perform lock_staff(p_staff_id);

    -- After that lock: of two calls with one key, the second sees here what the first has done.
    if p_idempotency_key is not null then
        select earlier.id, earlier.user_id, earlier.points_earned, earlier.points_spent, earlier.paid, earlier.balance_after,
            earlier.level_before, earlier.level_after, earlier.debt_paid, earlier.request_hash, earlier.placed_at, earlier.roubles_per_point,
            coalesce(earlier.earn_level, earlier.level_before) as earn_level, coalesce(earlier.level_multiplier, level.earn_multiplier) as level_multiplier,
            earlier.campaign_id, earlier.campaign_title, earlier.campaign_multiplier, earlier.campaign_bonus, settings.points_expire_after_months
        into v_earlier
        from settings, orders earlier left join levels level on level.key = earlier.level_before
        where earlier.staff_id = p_staff_id and earlier.idempotency_key = p_idempotency_key;
        if found then
            if v_earlier.request_hash <> p_request_hash then
                outcome := 'idempotency_key_reused';
                return;
            end if;
            outcome := 'repeated';
            order_id := v_earlier.id;
            user_id := v_earlier.user_id;
            points_earned := v_earlier.points_earned;
            points_spent := v_earlier.points_spent;
            paid := v_earlier.paid;
            balance := v_earlier.balance_after;
            level_before := v_earlier.level_before;
            level_after := v_earlier.level_after;
            debt_paid := v_earlier.debt_paid;
            earn_level := v_earlier.earn_level;
            level_multiplier := v_earlier.level_multiplier;
            roubles_per_point := v_earlier.roubles_per_point;
            campaign_id := v_earlier.campaign_id;
            campaign_title := v_earlier.campaign_title;
            campaign_multiplier := v_earlier.campaign_multiplier;
            campaign_bonus := v_earlier.campaign_bonus;
            if v_earlier.points_earned > 0 then
                points_expire_at := lot_expires_at(v_earlier.placed_at, null, null, v_earlier.points_expire_after_months);
            end if;
            return;
        end if;
    end if;
    if p_placed_at < p_now - p_offline_window then
        outcome := 'placed_at_invalid';
        return;
    end if;

    -- An order without a shop belongs to that of the shift in which it was placed. While the business has no shops, any name is accepted.
    if v_shop_id is null then
        select shift.shop_id into v_shop_id
        from shifts shift
        where shift.staff_id = p_staff_id and shift.opened_at <= v_at and (shift.closed_at is null or shift.closed_at > v_at)
        order by shift.id desc limit 1;
    elsif exists (select from shops) and not exists (select from shops known where known.id = v_shop_id) then
        outcome := 'shop_unknown';
        return;
    end if;

    -- Whatever uses or ends a code of this guest locks their account, so the code stays as it is looked up here.
    select account.user_id, account.points, account.debt, account.lifetime_points, account.level, account.level_since, account.level_threshold,
        account.version
    into v_account
    from accounts account join payment_codes held on held.user_id = account.user_id where held.code = p_code for update of account;
    select code.outcome, code.user_id, code.retry_after into v_code
    from look_up_code(p_staff_id, p_own_user_id, p_code, p_now, p_wrong_codes_limit, p_wrong_codes_window, p_number_rest, p_placed_at) code;
    if v_code.outcome <> 'live' then
        outcome := v_code.outcome;
        retry_after := v_code.retry_after;
        return;
    end if;
    -- The number went to another guest between the two, or the guest was erased before the order arrived.
    if v_code.user_id is distinct from v_account.user_id or (p_placed_at is not null and exists (
            select from guest_names erased where erased.user_id = v_code.user_id and erased.erased_at is not null)) then
        outcome := 'code_expired';
        return;
    end if;

    -- Both give the same types: a function keeps its plans for them.
    if p_quote_id is null then
        v_level := v_account.level;
        if p_placed_at is not null and v_account.level_since > v_at then
            v_level := level_at(v_account.user_id, v_account.level, v_at);
        end if;
        select price.outcome, price.max_points, price.paid, price.points_earned, price.roubles_per_point, v_level as level,
            price.multiplier as level_multiplier, price.campaign_id, price.campaign_title, price.campaign_multiplier, price.campaign_bonus
        into v_price
        from price_order(
            v_level, v_account.points, p_amount, p_spend_points, p_roubles_per_point, p_max_points_share, p_max_order,
            v_account.user_id, v_at, p_on) price;
    else
        select case
                when quote.expires_at <= v_at then 'quote_expired'
                when (quote.user_id, quote.amount, quote.points_spent) <> (v_account.user_id, p_amount, p_spend_points) then 'quote_mismatch'
                when quote.points_spent > v_account.points then 'not_enough_points'
                else 'priced' end::counter_outcome as outcome,
            null::bigint as max_points, quote.paid, quote.points_earned, quote.roubles_per_point, quote.level::text as level, quote.level_multiplier,
            quote.campaign_id, quote.campaign_title::text as campaign_title, quote.campaign_multiplier, quote.campaign_bonus
        into v_price
        from quotes quote where quote.id = p_quote_id;
        if not found then
            outcome := 'quote_unknown';
            return;
        end if;
    end if;
    if v_price.outcome <> 'priced' then
        outcome := v_price.outcome;
        max_points := v_price.max_points;
        balance := v_account.points;
        return;
    end if;

    user_id := v_account.user_id;
    points_spent := p_spend_points;
    points_earned := v_price.points_earned;
    paid := v_price.paid;
    -- A guest has points or a debt, never both: only earned points can pay the debt.
    debt_paid := least(v_account.debt, points_earned);
    balance := v_account.points - points_spent + points_earned - debt_paid;
    level_before := v_account.level;
    earn_level := v_price.level;
    level_multiplier := v_price.level_multiplier;
    roubles_per_point := v_price.roubles_per_point;
    campaign_id := v_price.campaign_id;
    campaign_title := v_price.campaign_title;
    campaign_multiplier := v_price.campaign_multiplier;
    campaign_bonus := v_price.campaign_bonus;
    if points_earned > 0 then
        select lot_expires_at(v_at, null, null, settings.points_expire_after_months) into place_order.points_expire_at from settings;
    end if;

    v_lifetime := v_account.lifetime_points + points_earned;
    -- The highest level reached, and never one below the current level.
    select level.key, level.threshold into v_reached
    from levels level
    where level.threshold <= v_lifetime and level.rank > (select held.rank from levels held where held.key = v_account.level)
    order by level.rank desc limit 1;
    level_after := coalesce(v_reached.key, v_account.level);
    -- The levels that a refund may bring this order down to. None when it earns by a level that the guest does not have any more: by a quote.
    select array_agg(step.threshold order by step.rank) as thresholds, array_agg(step.multiplier order by step.rank) as multipliers,
        max(step.threshold) filter (where step.is_own) as own_threshold
    into v_steps
    from (
        select level.rank, level.key = v_price.level as is_own,
            case when level.key = v_price.level then v_price.level_multiplier else level.earn_multiplier end as multiplier,
            case when level.key = v_price.level and level.key = v_account.level then least(level.threshold, v_account.level_threshold)
                else level.threshold end as threshold
        from levels level where level.rank <= (select own.rank from levels own where own.key = v_price.level)
    ) step;
    if cardinality(v_steps.thresholds) = 1 or v_steps.own_threshold > v_account.lifetime_points then
        v_steps.thresholds := null;
        v_steps.multipliers := null;
    end if;

    insert into orders (user_id, staff_id, shop_id, code, amount, paid, points_earned, points_spent, debt_paid, balance_after,
        level_before, level_after, roubles_per_point, earn_level, level_multiplier, level_thresholds, level_multipliers,
        campaign_id, campaign_title, campaign_multiplier, campaign_bonus, quote_id, idempotency_key, request_hash, placed_at, received_at)
    values (user_id, p_staff_id, v_shop_id, p_code, p_amount, paid, points_earned, points_spent, debt_paid, balance,
        level_before, level_after, roubles_per_point, earn_level, level_multiplier, v_steps.thresholds, v_steps.multipliers,
        campaign_id, campaign_title, campaign_multiplier, campaign_bonus, p_quote_id, p_idempotency_key, p_request_hash, v_at,
        case when p_placed_at is not null then p_now end)
    returning id into order_id;

    update payment_codes set used_at = p_now, order_id = place_order.order_id where code = p_code;

    select v_account.points as points, v_account.debt as debt into v_entry;
    if points_spent > 0 then
        select entry.points, entry.debt into v_entry
        from add_point_entry(user_id, -points_spent, 'spend', 'order:' || order_id, p_now, v_entry.points, v_entry.debt,
            jsonb_build_object('rule', 'spend', 'orderId', order_id, 'amount', p_amount)) entry;
    end if;
    if points_earned > 0 then
        select entry.points, entry.debt into v_entry
        from add_point_entry(user_id, points_earned, 'earn', 'order:' || order_id, p_now, v_entry.points, v_entry.debt,
            jsonb_strip_nulls(jsonb_build_object('rule', 'earn', 'orderId', order_id, 'amount', p_amount, 'paid', paid, 'per', roubles_per_point,
                'level', earn_level, 'levelMultiplier', level_multiplier, 'campaignId', campaign_id, 'campaignTitle', campaign_title,
                'campaignMultiplier', campaign_multiplier, 'campaignBonus', campaign_bonus))) entry;
    end if;

    update accounts set
        points = v_entry.points, debt = v_entry.debt, lifetime_points = v_lifetime, lifetime_spend = lifetime_spend + paid,
        level = level_after, level_since = case when level_after <> level_before then v_at else level_since end,
        level_threshold = coalesce(v_reached.threshold, level_threshold), last_order_at = greatest(last_order_at, v_at), version = version + 1
    where accounts.user_id = v_account.user_id;

    perform record_event(p_order_event, 'OrderPlaced', jsonb_build_object(
        'orderId', order_id, 'userId', user_id, 'amount', p_amount, 'paid', paid, 'pointsEarned', points_earned,
        'debtPaid', nullif(debt_paid, 0), 'pointsSpent', points_spent, 'balance', balance, 'shopId', v_shop_id, 'placedAt', event_time(v_at)),
        p_traceparent, p_now);
    if level_after <> level_before then
        perform record_event(p_level_event, 'LevelChanged', jsonb_build_object(
            'userId', user_id, 'from', level_before, 'to', level_after, 'version', v_account.version + 1, 'changedAt', event_time(v_at)),
            p_traceparent, p_now);
    end if;

    outcome := 'placed';
end $$;
