-- The whole of an order in one round trip.
create or replace function place_order(
    p_staff_id bigint, p_own_user_id bigint, p_code text, p_amount numeric, p_spend_points bigint, p_shop_id text,
    p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
    p_roubles_per_point numeric, p_max_points_share numeric, p_max_order numeric,
    p_wrong_codes_limit int, p_wrong_codes_window interval, p_number_rest interval,
    p_order_event uuid, p_level_event uuid, p_traceparent text,
    out outcome counter_outcome, out order_id bigint, out user_id bigint, out points_earned bigint, out points_spent bigint, out paid numeric,
    out balance bigint, out level_before text, out level_after text, out max_points bigint, out retry_after int, out debt_paid bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_account record;
    v_earlier record;
    v_code record;
    v_price record;
    v_points bigint;
    v_debt bigint;
    v_lifetime bigint;
begin
    perform lock_staff(p_staff_id);

    -- After that lock: of two calls with one key, the second sees here what the first has done.
    if p_idempotency_key is not null then
        select earlier.id, earlier.user_id, earlier.points_earned, earlier.points_spent, earlier.paid, earlier.balance_after,
            earlier.level_before, earlier.level_after, earlier.debt_paid, earlier.request_hash
        into v_earlier
        from orders earlier where earlier.staff_id = p_staff_id and earlier.idempotency_key = p_idempotency_key;
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
            return;
        end if;
    end if;

    -- Whatever uses or ends a code of this guest locks their account, so the code stays as it is looked up here.
    select account.user_id, account.points, account.debt, account.lifetime_points, account.level, account.version
    into v_account
    from accounts account join payment_codes held on held.user_id = account.user_id where held.code = p_code for update of account;
    select code.outcome, code.user_id, code.retry_after into v_code
    from look_up_code(p_staff_id, p_own_user_id, p_code, p_now, p_wrong_codes_limit, p_wrong_codes_window, p_number_rest) code;
    if v_code.outcome <> 'live' then
        outcome := v_code.outcome;
        retry_after := v_code.retry_after;
        return;
    end if;
    -- The number went to another guest between the two.
    if v_code.user_id is distinct from v_account.user_id then
        outcome := 'code_expired';
        return;
    end if;

    select price.outcome, price.max_points, price.paid, price.points_earned into v_price
    from price_order(
        v_account.level, v_account.points, p_amount, p_spend_points, p_roubles_per_point, p_max_points_share, p_max_order) price;
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
    v_lifetime := v_account.lifetime_points + points_earned;
    -- The highest level reached, and never one below the current level.
    select key into level_after from levels
    where threshold <= v_lifetime and rank >= (select rank from levels where key = v_account.level)
    order by rank desc limit 1;
    level_after := coalesce(level_after, v_account.level);

    insert into orders (user_id, staff_id, shop_id, code, amount, paid, points_earned, points_spent, debt_paid, balance_after,
        level_before, level_after, roubles_per_point, idempotency_key, request_hash, placed_at)
    values (user_id, p_staff_id, p_shop_id, p_code, p_amount, paid, points_earned, points_spent, debt_paid, balance,
        level_before, level_after, p_roubles_per_point, p_idempotency_key, p_request_hash, p_now)
    returning id into order_id;

    update payment_codes set used_at = p_now, order_id = place_order.order_id where code = p_code;

    select points, debt into v_points, v_debt
    from add_point_entry(user_id, -points_spent, 'spend', 'order:' || order_id, p_now, v_account.points, v_account.debt);
    select points, debt into v_points, v_debt
    from add_point_entry(user_id, points_earned, 'earn', 'order:' || order_id, p_now, v_points, v_debt);

    update accounts set
        points = v_points, debt = v_debt, lifetime_points = v_lifetime, lifetime_spend = lifetime_spend + paid,
        level = level_after, level_since = case when level_after <> level_before then p_now else level_since end, version = version + 1
    where accounts.user_id = v_account.user_id;

    perform record_event(p_order_event, 'OrderPlaced', jsonb_build_object(
        'orderId', order_id, 'userId', user_id, 'amount', p_amount, 'paid', paid, 'pointsEarned', points_earned,
        'debtPaid', nullif(debt_paid, 0), 'pointsSpent', points_spent, 'balance', balance, 'shopId', p_shop_id, 'placedAt', event_time(p_now)),
        p_traceparent, p_now);
    if level_after <> level_before then
        perform record_event(p_level_event, 'LevelChanged', jsonb_build_object(
            'userId', user_id, 'from', level_before, 'to', level_after, 'version', v_account.version + 1, 'changedAt', event_time(p_now)),
            p_traceparent, p_now);
    end if;

    outcome := 'placed';
end $$;
