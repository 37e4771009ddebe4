-- Takes the points of a guest whose time is over, in one entry, and says how many. Repeating it takes nothing.
create or replace function expire_points(p_user_id bigint, p_now timestamptz, p_event uuid, p_traceparent text) returns bigint
language plpgsql as $$
#variable_conflict use_column
declare
    v_account record;
    v_due record;
    v_entry record;
begin
    select account.points, account.debt, account.version, account.last_order_at into v_account
    from accounts account where account.user_id = p_user_id for update;
    select array_agg(lot.entry_id) as lots, sum(lot.points_left)::bigint as points, min(lot.earned_at) as earned_from, max(lot.earned_at) as earned_until,
        max(settings.points_expire_after_months) as months
    into v_due
    from point_lots lot, settings
    where lot.user_id = p_user_id and lot.points_left > 0
        and lot_expires_at(lot.earned_at, lot.expires_at, v_account.last_order_at, settings.points_expire_after_months) <= p_now;
    if v_due.points is null then
        return 0;
    end if;

    -- No other entry is written at this version of the account.
    select entry.points, entry.debt, entry.entry_id into v_entry
    from add_point_entry(
        p_user_id, -v_due.points, 'expiry', 'expiry:' || v_account.version, p_now, v_account.points, v_account.debt,
        jsonb_strip_nulls(jsonb_build_object(
            'rule', 'expiry', 'months', v_due.months, 'lastOrderAt', event_time(v_account.last_order_at),
            'earnedFrom', event_time(v_due.earned_from), 'earnedUntil', event_time(v_due.earned_until), 'lots', cardinality(v_due.lots))),
        p_first_lots => v_due.lots) entry;
    update accounts set points = v_entry.points, debt = v_entry.debt, version = version + 1 where user_id = p_user_id;

    perform record_event(p_event, 'PointsChanged', jsonb_build_object(
        'entryId', v_entry.entry_id, 'userId', p_user_id, 'delta', -v_due.points, 'balance', v_entry.points, 'reason', 'expiry',
        'version', v_account.version + 1, 'changedAt', event_time(p_now)),
        p_traceparent, p_now);
    return v_due.points;
end $$;
