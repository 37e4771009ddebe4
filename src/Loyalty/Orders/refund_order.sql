drop function if exists refund_order(bigint, bigint, numeric, interval, text, bytea, timestamptz, text, text, text, text, uuid, text);
-- The whole of a refund in one round trip. A null p_amount is all that is left. Staff may refund their own orders within p_undo_window, and
-- with p_any_since those of everybody from then on; a null p_undo_window allows any order at any time.
create or replace function refund_order(
    p_order_id bigint, p_staff_id bigint, p_amount numeric, p_undo_window interval,
    p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
    p_subject text, p_role text, p_actor text, p_address text, p_event uuid, p_traceparent text,
    p_any_since timestamptz default null, p_own_user_id bigint default null,
    out outcome refund_outcome, out amount numeric, out refunded_total numeric, out points_taken_back bigint, out points_returned bigint,
    out points_corrected bigint, out balance bigint, out debt bigint, out level_after text, out left_to_refund numeric)
language plpgsql as $$
#variable_conflict use_column
declare
    v_account record;
    v_order record;
    v_earlier record;
    v_later record;
    v_step record;
    v_reached record;
    v_entry record;
    v_why jsonb;
    v_refund_id bigint;
    v_lifetime bigint;
    v_net bigint;
    v_due bigint;
    v_keeps bigint;
begin
    perform lock_staff(p_staff_id);

    if p_idempotency_key is not null then
        select earlier.request_hash, earlier.amount, earlier.refunded_total, earlier.points_taken_back, earlier.points_returned,
            earlier.points_corrected, earlier.balance_after, earlier.debt_after, earlier.level_after
        into v_earlier
        from refunds earlier where earlier.staff_id = p_staff_id and earlier.idempotency_key = p_idempotency_key;
        if found then
            if v_earlier.request_hash <> p_request_hash then
                outcome := 'idempotency_key_reused';
                return;
            end if;
            outcome := 'repeated';
            amount := v_earlier.amount;
            refunded_total := v_earlier.refunded_total;
            points_taken_back := v_earlier.points_taken_back;
            points_returned := v_earlier.points_returned;
            points_corrected := coalesce(v_earlier.points_corrected, 0);
            balance := v_earlier.balance_after;
            debt := v_earlier.debt_after;
            level_after := v_earlier.level_after;
            return;
        end if;
    end if;

    -- Two refunds of one order wait for each other at the account, so the second reads the order after the first.
    select account.user_id, account.points, account.debt, account.lifetime_points, account.level, account.level_threshold, account.version
    into v_account
    from accounts account join orders placed on placed.user_id = account.user_id where placed.id = p_order_id for update of account;
    select placed.staff_id, placed.paid, placed.refunded_amount, placed.refunded_at, placed.points_earned, placed.points_spent,
        placed.points_taken_back, placed.points_returned, placed.points_corrected, coalesce(placed.points_due, placed.points_earned) as points_due,
        coalesce(placed.received_at, placed.placed_at) as received_at, placed.roubles_per_point,
        coalesce(placed.earn_level, placed.level_before) as earn_level, placed.level_multiplier,
        placed.campaign_id, placed.campaign_title, placed.campaign_multiplier, placed.campaign_bonus
    into v_order
    from orders placed where placed.id = p_order_id;
    if not found or (p_undo_window is not null and p_any_since is null and v_order.staff_id <> p_staff_id) then
        outcome := 'order_not_found';
        return;
    end if;
    if v_account.user_id = p_own_user_id then
        outcome := 'account_own';
        return;
    end if;
    left_to_refund := v_order.paid - v_order.refunded_amount;
    if v_order.refunded_at is not null then
        outcome := 'order_refunded';
        return;
    end if;
    if exists (select from guest_names erased where erased.user_id = v_account.user_id and erased.erased_at is not null) then
        outcome := 'guest_erased';
        return;
    end if;
    if (v_order.received_at >= p_any_since) is not true
        and (p_now > v_order.received_at + p_undo_window or (p_undo_window is not null and v_order.staff_id <> p_staff_id)) then
        outcome := 'undo_window_over';
        return;
    end if;
    if p_amount > left_to_refund then
        outcome := 'refund_too_large';
        return;
    end if;

    amount := coalesce(p_amount, left_to_refund);
    refunded_total := v_order.refunded_amount + amount;
    left_to_refund := v_order.paid - refunded_total;
    -- The same share of the points as of the money, rounded down over all refunds of the order so far; the last refund takes exactly the rest.
    if left_to_refund = 0 then
        points_taken_back := v_order.points_earned - v_order.points_taken_back - v_order.points_corrected;
        points_returned := v_order.points_spent - v_order.points_returned;
    else
        v_keeps := v_order.points_due - div(v_order.points_due * refunded_total, v_order.paid);
        points_taken_back := v_order.points_earned - v_order.points_taken_back - v_order.points_corrected - v_keeps;
        points_returned := div(v_order.points_spent * refunded_total, v_order.paid) - v_order.points_returned;
    end if;

    update orders set
        refunded_amount = refund_order.refunded_total,
        points_taken_back = orders.points_taken_back + refund_order.points_taken_back,
        points_returned = orders.points_returned + refund_order.points_returned,
        refunded_at = case when left_to_refund = 0 then p_now end
    where id = p_order_id;

    -- An order earns by the level that the guest reached with the orders before it, as far as those were not refunded. When this refund takes
    -- a level away, later orders lose the points that they earned by it: at the levels and by the campaign of their own day.
    points_corrected := 0;
    if points_taken_back > 0 then
        select sum(kept.points_earned - kept.points_taken_back - kept.points_corrected) into v_lifetime
        from orders kept where kept.user_id = v_account.user_id and kept.id <= p_order_id;
        for v_later in
            select later.id, later.paid, later.roubles_per_point, later.refunded_amount, later.refunded_at,
                later.level_thresholds, later.level_multipliers, later.campaign_multiplier, later.campaign_bonus,
                coalesce(later.points_due, later.points_earned) as points_due,
                later.points_earned - later.points_taken_back - later.points_corrected as points_left
            from orders later where later.user_id = v_account.user_id and later.id > p_order_id order by later.id
        loop
            v_keeps := v_later.points_left;
            select step.multiplier, step.nth into v_step
            from unnest(v_later.level_thresholds, v_later.level_multipliers) with ordinality as step (threshold, multiplier, nth)
            where step.threshold <= v_lifetime order by step.nth desc limit 1;
            if v_step.nth < cardinality(v_later.level_thresholds) then
                v_due := least(v_later.points_due, order_points(
                    v_later.paid, v_later.roubles_per_point, v_step.multiplier, v_later.campaign_multiplier, v_later.campaign_bonus));
                if v_due < v_later.points_due then
                    v_keeps := case
                        when v_later.refunded_at is not null then 0
                        else v_due - div(v_due * v_later.refunded_amount, v_later.paid) end;
                    update orders set
                        points_due = v_due,
                        points_corrected = orders.points_corrected + v_later.points_left - v_keeps
                    where id = v_later.id;
                    points_corrected := points_corrected + v_later.points_left - v_keeps;
                end if;
            end if;
            v_lifetime := v_lifetime + v_keeps;
        end loop;
    end if;

    v_lifetime := v_account.lifetime_points - points_taken_back - points_corrected;
    -- The highest level still reached, and never one above the current level. That one stays as long as the points with which it was reached do,
    -- even if its threshold was raised since.
    select level.key, case when level.key = v_account.level then least(level.threshold, v_account.level_threshold) else level.threshold end as threshold
    into v_reached
    from levels level
    where level.rank <= (select held.rank from levels held where held.key = v_account.level)
        and (level.threshold <= v_lifetime or (level.key = v_account.level and v_account.level_threshold <= v_lifetime))
    order by level.rank desc limit 1;
    level_after := coalesce(v_reached.key, v_account.level);
    -- Points come back before others go, so that as few as possible become debt.
    v_net := v_account.points - v_account.debt + points_returned - points_taken_back - points_corrected;
    balance := greatest(v_net, 0);
    debt := greatest(-v_net, 0);

    insert into refunds (order_id, user_id, staff_id, amount, refunded_total, points_taken_back, points_returned, points_corrected,
        balance_after, debt_after, level_before, level_after, idempotency_key, request_hash, refunded_at)
    values (p_order_id, v_account.user_id, p_staff_id, amount, refunded_total, points_taken_back, points_returned, points_corrected,
        balance, debt, v_account.level, level_after, p_idempotency_key, p_request_hash, p_now)
    returning id into v_refund_id;

    v_why := jsonb_build_object('orderId', p_order_id, 'refundId', v_refund_id, 'amount', amount, 'whole', left_to_refund = 0);
    select entry.points, entry.debt into v_entry
    from add_point_entry(v_account.user_id, points_returned, 'return', 'refund:' || v_refund_id, p_now, v_account.points, v_account.debt,
        v_why || jsonb_build_object('rule', 'return'),
        p_return_of => (select spent.id from point_entries spent
            where spent.user_id = v_account.user_id and spent.source_id = 'order:' || p_order_id and spent.reason = 'spend')) entry;
    select entry.points, entry.debt into v_entry
    from add_point_entry(v_account.user_id, -points_taken_back, 'take_back', 'refund:' || v_refund_id, p_now, v_entry.points, v_entry.debt,
        v_why || jsonb_strip_nulls(jsonb_build_object('rule', 'takeBack', 'per', v_order.roubles_per_point, 'level', v_order.earn_level,
            'levelMultiplier', v_order.level_multiplier, 'campaignId', v_order.campaign_id, 'campaignTitle', v_order.campaign_title,
            'campaignMultiplier', v_order.campaign_multiplier, 'campaignBonus', v_order.campaign_bonus)),
        p_first_lots => array(select earned.id from point_entries earned
            where earned.user_id = v_account.user_id and earned.source_id = 'order:' || p_order_id and earned.reason = 'earn')) entry;
    select entry.points, entry.debt into v_entry
    from add_point_entry(v_account.user_id, -points_corrected, 'correction', 'refund:' || v_refund_id, p_now, v_entry.points, v_entry.debt,
        v_why || jsonb_build_object('rule', 'correction', 'levelBefore', v_account.level, 'levelAfter', level_after)) entry;

    update accounts set
        points = v_entry.points, debt = v_entry.debt,
        lifetime_points = v_lifetime, lifetime_spend = lifetime_spend - refund_order.amount,
        level = level_after, level_since = case when level_after <> v_account.level then p_now else level_since end,
        level_threshold = coalesce(v_reached.threshold, level_threshold), version = version + 1
    where user_id = v_account.user_id;

    -- What was handed out with an order that is undone as a whole can be handed out again.
    if left_to_refund = 0 then
        update gifts set redeemed_at = null, redeemed_by = null, order_id = null where gifts.order_id = p_order_id;
    end if;

    insert into audit (at, subject, role, actor, action, target, details, address, trace_id)
    values (p_now, p_subject, p_role, p_actor, 'order.refund', 'order:' || p_order_id,
        jsonb_build_object('amount', amount, 'refundedTotal', refunded_total, 'pointsTakenBack', points_taken_back,
            'pointsReturned', points_returned, 'pointsCorrected', points_corrected),
        p_address, split_part(p_traceparent, '-', 2));

    perform record_event(p_event, 'OrderRefunded', jsonb_build_object(
        'refundId', v_refund_id, 'orderId', p_order_id, 'userId', v_account.user_id, 'amount', amount, 'refundedTotal', refunded_total,
        'pointsTakenBack', points_taken_back, 'pointsCorrected', nullif(points_corrected, 0), 'pointsReturned', points_returned,
        'balance', balance, 'debt', debt, 'level', level_after, 'version', v_account.version + 1, 'refundedAt', event_time(p_now)),
        p_traceparent, p_now);

    outcome := 'refunded';
end $$;
