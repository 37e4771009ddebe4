-- Points added or taken by hand. With p_limited, a member of the staff gives no more in a day than the settings allow; the first attempt
-- above that on a day raises an alert.
create or replace function adjust_points(
    p_user_id bigint, p_staff_id bigint, p_own_user_id bigint, p_points bigint, p_reason text, p_limited boolean, p_day_start timestamptz,
    p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
    p_subject text, p_role text, p_actor text, p_address text, p_trace_id text, p_event uuid, p_traceparent text,
    out outcome adjustment_outcome, out entry_id bigint, out balance bigint, out debt bigint, out points_left bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_earlier record;
    v_changed record;
    v_id bigint;
begin
    perform lock_staff(p_staff_id);

    if p_idempotency_key is not null then
        select earlier.request_hash, earlier.entry_id, earlier.balance_after, earlier.debt_after into v_earlier
        from adjustments earlier where earlier.staff_id = p_staff_id and earlier.idempotency_key = p_idempotency_key;
        if found then
            if v_earlier.request_hash <> p_request_hash then
                outcome := 'idempotency_key_reused';
                return;
            end if;
            outcome := 'repeated';
            entry_id := v_earlier.entry_id;
            balance := v_earlier.balance_after;
            debt := v_earlier.debt_after;
            return;
        end if;
    end if;

    if p_user_id = p_own_user_id then
        outcome := 'account_own';
        return;
    end if;

    if p_limited then
        select greatest(rules.manual_points_per_day - given.points, 0) into points_left
        from settings rules, (
            select coalesce(sum(mine.points), 0) as points
            from adjustments mine where mine.staff_id = p_staff_id and mine.adjusted_at >= p_day_start
        ) given;
        if p_points > points_left then
            insert into alerts (kind, staff_id, user_id, raised_at)
            select 'manual_points', p_staff_id, p_user_id, p_now
            where exists (select from accounts guest where guest.user_id = p_user_id)
                and not exists (
                    select from alerts raised
                    where raised.staff_id = p_staff_id and raised.kind = 'manual_points' and raised.raised_at >= p_day_start);
            outcome := 'manual_limit_reached';
            return;
        end if;
    end if;

    v_id := nextval('adjustments_id_seq');
    select changed.outcome, changed.entry_id, changed.balance, changed.debt into v_changed
    from change_points(
        p_user_id, p_points, 'adjustment', 'adjustment:' || v_id, jsonb_build_object('rule', 'adjustment', 'staffId', p_staff_id), p_now,
        p_event, p_traceparent) changed;
    if v_changed.outcome <> 'changed' then
        outcome := v_changed.outcome::text;
        return;
    end if;

    insert into adjustments (id, user_id, staff_id, points, reason, entry_id, balance_after, debt_after, idempotency_key, request_hash, adjusted_at)
    overriding system value
    values (v_id, p_user_id, p_staff_id, p_points, p_reason, v_changed.entry_id, v_changed.balance, v_changed.debt, p_idempotency_key,
        p_request_hash, p_now);

    insert into audit (at, subject, role, actor, action, target, details, address, trace_id)
    values (p_now, p_subject, p_role, p_actor, 'points.adjust', 'user:' || p_user_id,
        jsonb_build_object('points', p_points, 'reason', p_reason, 'entryId', v_changed.entry_id), p_address, p_trace_id);

    outcome := 'adjusted';
    entry_id := v_changed.entry_id;
    balance := v_changed.balance;
    debt := v_changed.debt;
end $$;
