-- The whole of a purchase: the points, the stock and the gift. Buyers of one reward wait for each other at its row, so the last one left is
-- sold once.
create or replace function buy_reward(
    p_user_id bigint, p_reward_id bigint, p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
    p_points_event uuid, p_gift_event uuid, p_traceparent text,
    out outcome reward_outcome, out gift_id bigint, out title text, out cost bigint, out balance bigint, out expires_at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
    v_points bigint;
    v_earlier record;
    v_reward record;
    v_paid record;
begin
    select account.points into v_points from accounts account where account.user_id = p_user_id for update;
    if not found or exists (select from guest_names erased where erased.user_id = p_user_id and erased.erased_at is not null) then
        outcome := 'account_not_found';
        return;
    end if;

    if p_idempotency_key is not null then
        select earlier.id, earlier.title, earlier.cost, earlier.expires_at, earlier.request_hash, entry.balance_after into v_earlier
        from gifts earlier
            join point_entries entry
                on entry.user_id = earlier.user_id and entry.source_id = 'gift:' || earlier.id and entry.reason = 'reward'
        where earlier.user_id = p_user_id and earlier.issued_by is null and earlier.idempotency_key = p_idempotency_key;
        if found then
            if v_earlier.request_hash <> p_request_hash then
                outcome := 'idempotency_key_reused';
                return;
            end if;
            outcome := 'repeated';
            gift_id := v_earlier.id;
            title := v_earlier.title;
            cost := v_earlier.cost;
            expires_at := v_earlier.expires_at;
            balance := v_earlier.balance_after;
            return;
        end if;
    end if;

    select reward.title, reward.cost, reward.stock, reward.active into v_reward from rewards reward where reward.id = p_reward_id for update;
    if not found or not v_reward.active then
        outcome := 'reward_not_found';
        return;
    end if;
    balance := v_points;
    cost := v_reward.cost;
    if v_reward.stock = 0 then
        outcome := 'out_of_stock';
        return;
    end if;
    if v_points < v_reward.cost then
        outcome := 'not_enough_points';
        return;
    end if;

    update rewards set stock = stock - 1, sold = sold + 1 where id = p_reward_id;

    insert into gifts (user_id, title, reason, source_id, reward_id, cost, issued_at, idempotency_key, request_hash)
    values (p_user_id, v_reward.title, 'reward', 'reward:' || p_gift_event, p_reward_id, cost, p_now, p_idempotency_key, p_request_hash)
    returning id into gift_id;

    select paid.outcome, paid.balance into strict v_paid
    from change_points(
        p_user_id, -cost, 'reward', 'gift:' || gift_id,
        jsonb_build_object('rule', 'reward', 'rewardId', p_reward_id, 'giftId', gift_id, 'title', v_reward.title, 'cost', cost),
        p_now, p_points_event, p_traceparent) paid;
    if v_paid.outcome <> 'changed' then
        raise exception 'The points for gift % were not taken: %', gift_id, v_paid.outcome;
    end if;

    perform record_event(p_gift_event, 'GiftIssued', jsonb_build_object(
        'giftId', gift_id, 'userId', p_user_id, 'title', v_reward.title, 'reason', 'reward', 'issuedAt', event_time(p_now)),
        p_traceparent, p_now);

    outcome := 'bought';
    title := v_reward.title;
    balance := v_paid.balance;
end $$;
