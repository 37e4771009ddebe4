-- Changes a guest's points other than by an order or a refund: once for each source and reason. Points are never taken beyond the balance.
create or replace function change_points(
    p_user_id bigint, p_change bigint, p_reason text, p_source_id text, p_why jsonb, p_now timestamptz, p_event uuid, p_traceparent text,
    p_expires_at timestamptz default null,
    out outcome points_outcome, out entry_id bigint, out balance bigint, out debt bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_account record;
    v_delta bigint;
begin
    select account.points, account.debt, account.version into v_account
    from accounts account where account.user_id = p_user_id for update;
    if not found then
        outcome := 'account_not_found';
        return;
    end if;

    balance := v_account.points;
    debt := v_account.debt;
    select earlier.id into change_points.entry_id
    from point_entries earlier where earlier.user_id = p_user_id and earlier.source_id = p_source_id and earlier.reason = p_reason;
    if found then
        outcome := 'repeated';
        return;
    end if;
    if exists (select from guest_names erased where erased.user_id = p_user_id and erased.erased_at is not null) then
        outcome := 'guest_erased';
        return;
    end if;
    if v_account.points + p_change < 0 then
        outcome := 'not_enough_points';
        return;
    end if;

    select entry.points, entry.debt, entry.entry_id into balance, change_points.debt, change_points.entry_id
    from add_point_entry(
        p_user_id, p_change, p_reason, p_source_id, p_now, v_account.points, v_account.debt, p_why, p_expires_at => p_expires_at) entry;
    v_delta := balance - v_account.points;
    update accounts set points = balance, debt = change_points.debt, version = version + 1 where user_id = p_user_id;

    perform record_event(p_event, 'PointsChanged', jsonb_build_object(
        'entryId', change_points.entry_id, 'userId', p_user_id, 'delta', v_delta, 'balance', balance, 'reason', p_reason,
        'version', v_account.version + 1, 'changedAt', event_time(p_now)),
        p_traceparent, p_now);
    outcome := 'changed';
end $$;
