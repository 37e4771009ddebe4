-- Publishes that points of a guest expire soon, once for each day on which the first of them do, and says whether it did.
create or replace function warn_of_expiry(p_user_id bigint, p_now timestamptz, p_until timestamptz, p_time_zone text, p_event uuid, p_traceparent text)
returns boolean
language plpgsql as $$
#variable_conflict use_column
declare
    v_account record;
    v_due record;
    v_on date;
begin
    select account.last_order_at, account.expiry_warned_on into v_account
    from accounts account
    where account.user_id = p_user_id
        and not exists (select from guest_names erased where erased.user_id = p_user_id and erased.erased_at is not null)
    for update;
    select min(expiry.at) as first_at, sum(lot.points_left)::bigint as points into v_due
    from point_lots lot, settings,
        lot_expires_at(lot.earned_at, lot.expires_at, v_account.last_order_at, settings.points_expire_after_months) as expiry (at)
    where lot.user_id = p_user_id and lot.points_left > 0 and expiry.at > p_now and expiry.at <= p_until;
    v_on := (v_due.first_at at time zone p_time_zone)::date;
    if v_on is null or v_on = v_account.expiry_warned_on then
        return false;
    end if;

    update accounts set expiry_warned_on = v_on where user_id = p_user_id;
    perform record_event(p_event, 'PointsExpiring', jsonb_build_object(
        'userId', p_user_id, 'points', v_due.points, 'expiresOn', v_on, 'warnedAt', event_time(p_now)),
        p_traceparent, p_now);
    return true;
end $$;
