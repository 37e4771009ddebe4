-- Gives a guest a gift by hand: to the owner of a live code, which stays live, or to the guest with this id or this card. A limited member of
-- the staff gives as many in a day as the settings say; each day on which they give more, or try to, raises one alert.
create or replace function issue_gift(
    p_staff_id bigint, p_own_user_id bigint, p_user_id bigint, p_member_id text, p_code text,
    p_title text, p_reason text, p_note text, p_expires_at timestamptz, p_day_start timestamptz, p_is_limited boolean,
    p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
    p_wrong_codes_limit int, p_wrong_codes_window interval, p_number_rest interval,
    p_subject text, p_role text, p_actor text, p_address text, p_event uuid, p_traceparent text,
    out outcome gift_outcome, out code_refusal counter_outcome, out gift_id bigint, out user_id bigint, out title text, out reason text,
    out expires_at timestamptz, out retry_after int)
language plpgsql as $$
#variable_conflict use_column
declare
    v_earlier record;
    v_code record;
    v_user_id bigint := p_user_id;
begin
    perform lock_staff(p_staff_id);

    if p_idempotency_key is not null then
        select earlier.id, earlier.user_id, earlier.title, earlier.reason, earlier.expires_at, earlier.request_hash into v_earlier
        from gifts earlier where earlier.issued_by = p_staff_id and earlier.idempotency_key = p_idempotency_key;
        if found then
            if v_earlier.request_hash <> p_request_hash then
                outcome := 'idempotency_key_reused';
                return;
            end if;
            outcome := 'repeated';
            gift_id := v_earlier.id;
            user_id := v_earlier.user_id;
            title := v_earlier.title;
            reason := v_earlier.reason;
            expires_at := v_earlier.expires_at;
            return;
        end if;
    end if;

    if p_code is not null then
        select code.outcome, code.user_id, code.retry_after into v_code
        from look_up_code(p_staff_id, p_own_user_id, p_code, p_now, p_wrong_codes_limit, p_wrong_codes_window, p_number_rest) code;
        if v_code.outcome <> 'live' then
            outcome := 'code_refused';
            code_refusal := v_code.outcome;
            retry_after := v_code.retry_after;
            return;
        end if;
        v_user_id := v_code.user_id;
    elsif p_member_id is not null then
        select guest.user_id into v_user_id from guest_names guest where guest.member_id = p_member_id order by guest.version desc limit 1;
    end if;

    perform 1 from accounts account where account.user_id = v_user_id for update;
    if not found or exists (select from guest_names erased where erased.user_id = v_user_id and erased.erased_at is not null) then
        outcome := 'guest_not_found';
        return;
    end if;
    if v_user_id = p_own_user_id then
        outcome := 'gift_own';
        return;
    end if;

    if (select count(*) from gifts given where given.issued_by = p_staff_id and given.issued_at >= p_day_start)
        >= (select settings.manual_gifts_per_day from settings) then
        insert into alerts (kind, staff_id, user_id, raised_at)
        select 'manual_gifts', p_staff_id, v_user_id, p_now
        where not exists (
            select from alerts raised
            where raised.staff_id = p_staff_id and raised.kind = 'manual_gifts' and raised.raised_at >= p_day_start);
        if p_is_limited then
            outcome := 'manual_limit_reached';
            return;
        end if;
    end if;

    insert into gifts (user_id, title, reason, note, source_id, issued_by, issued_at, expires_at, idempotency_key, request_hash)
    values (v_user_id, p_title, p_reason, p_note, 'manual:' || p_event, p_staff_id, p_now, p_expires_at, p_idempotency_key, p_request_hash)
    returning id into gift_id;

    insert into audit (at, subject, role, actor, action, target, details, address, trace_id)
    values (p_now, p_subject, p_role, p_actor, 'gift.issue', 'user:' || v_user_id,
        jsonb_build_object('giftId', gift_id, 'reason', p_reason), p_address, split_part(p_traceparent, '-', 2));

    perform record_event(p_event, 'GiftIssued', jsonb_build_object(
        'giftId', gift_id, 'userId', v_user_id, 'title', p_title, 'reason', p_reason,
        'expiresAt', event_time(p_expires_at), 'issuedAt', event_time(p_now)),
        p_traceparent, p_now);

    outcome := 'issued';
    user_id := v_user_id;
    title := p_title;
    reason := p_reason;
    expires_at := p_expires_at;
end $$;
