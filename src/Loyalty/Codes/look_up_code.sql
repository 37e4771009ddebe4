drop function if exists look_up_code(bigint, bigint, text, timestamptz, int, interval, interval);
-- The state of a code: 'live', or why it cannot be used. A code that ended a moment ago is not a guess, unlike one that no guest was given;
-- once its number has rested, only the member of the staff who used it learns what became of it. With p_at it is the state at that time, which
-- a till that was offline sends later. There a code that was not live is a guess too: else one could try every moment of a day.
create or replace function look_up_code(
    p_staff_id bigint, p_own_user_id bigint, p_code text, p_now timestamptz,
    p_wrong_codes_limit int, p_wrong_codes_window interval, p_number_rest interval, p_at timestamptz default null,
    out outcome counter_outcome, out user_id bigint, out expires_at timestamptz, out retry_after int)
language plpgsql as $$
#variable_conflict use_column
declare
    v_code record;
    v_tries timestamptz[];
    v_at timestamptz := coalesce(p_at, p_now);
    v_known boolean;
    v_live boolean;
begin
    perform lock_staff(p_staff_id);

    -- Staff who have entered too many wrong codes must wait, even with a right one: otherwise guessing would pay.
    v_tries := array(
        select tried from rate_limits, unnest(taken_at) tried
        where limit_name = 'wrong_codes' and subject = 'staff:' || p_staff_id and tried > p_now - p_wrong_codes_window
        order by tried desc);
    if cardinality(v_tries) >= p_wrong_codes_limit then
        outcome := 'too_many_wrong_codes';
        retry_after := ceil(extract(epoch from v_tries[p_wrong_codes_limit] + p_wrong_codes_window - p_now))::int;
        return;
    end if;

    select held.user_id, held.issued_at, held.expires_at, held.used_at, held.replaced_at,
        greatest(held.expires_at, held.used_at, held.replaced_at) < v_at - p_number_rest
            and not exists (select from orders where orders.id = held.order_id and orders.staff_id = p_staff_id) as has_rested
    into v_code
    from payment_codes held where held.code = p_code;
    v_known := found and not v_code.has_rested;
    v_live := v_known and v_code.used_at is null and v_code.expires_at > v_at and case
        when p_at is null then v_code.replaced_at is null
        else p_at >= v_code.issued_at and (v_code.replaced_at is null or v_code.replaced_at > p_at) end;
    if not v_known or (p_at is not null and not v_live and v_code.used_at is null) then
        insert into rate_limits (limit_name, subject, taken_at, granted, expires_at)
        values ('wrong_codes', 'staff:' || p_staff_id, array[p_now], true, p_now + p_wrong_codes_window)
        on conflict (limit_name, subject) do update set taken_at = array_append(v_tries, p_now), expires_at = excluded.expires_at;
        outcome := case when v_known then 'code_expired' else 'code_unknown' end;
        return;
    end if;

    if v_code.used_at is not null then
        outcome := 'code_used';
        return;
    end if;
    if not v_live then
        outcome := case when exists (
                select from payment_codes newer
                where newer.user_id = v_code.user_id and newer.used_at is null and newer.replaced_at is null and newer.expires_at > p_now)
            then 'code_replaced' else 'code_expired' end;
        return;
    end if;

    if v_code.user_id = p_own_user_id then
        -- One alert per code, however often it is tried.
        insert into alerts (kind, staff_id, user_id, raised_at)
        select 'code_own', p_staff_id, p_own_user_id, p_now
        where not exists (
            select from alerts raised
            where raised.staff_id = p_staff_id and raised.kind = 'code_own' and raised.raised_at >= v_code.issued_at);
        outcome := 'code_own';
        return;
    end if;

    outcome := 'live';
    user_id := v_code.user_id;
    expires_at := v_code.expires_at;
end $$;
