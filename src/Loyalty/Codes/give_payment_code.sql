drop function if exists give_payment_code(bigint, text[], timestamptz, timestamptz, interval, int, interval, text, text, text);
-- Gives the guest a code and ends their previous one. A call repeated with its key replaces nothing: it returns the guest's live code, or a
-- new one when there is none. A null limit is no limit. All codes given within p_window still have their rows, because a number rests longer
-- than that. A number that ended unused stays with its guest for p_unused_rest, because a till that was offline may send it later, unless all
-- candidates are such numbers.
create or replace function give_payment_code(
    p_user_id bigint, p_candidates text[], p_now timestamptz, p_expires_at timestamptz, p_number_rest interval, p_limit int, p_window interval,
    p_subject text, p_route text, p_idempotency_key text, p_unused_rest interval default null,
    out outcome code_outcome, out code text, out expires_at timestamptz, out retry_after int)
language plpgsql as $$
#variable_conflict use_column
declare
    v_candidate record;
    v_given timestamptz[];
    v_ended text;
begin
    perform 1 from accounts where user_id = p_user_id for update;
    if not found then
        outcome := 'account_opening';
        return;
    end if;
    if exists (select from guest_names where user_id = p_user_id and erased_at is not null) then
        outcome := 'account_not_found';
        return;
    end if;

    if exists (select from idempotency_keys where subject = p_subject and route = p_route and key = p_idempotency_key) then
        select held.code, held.expires_at into code, expires_at
        from payment_codes held
        where held.user_id = p_user_id and held.used_at is null and held.replaced_at is null and held.expires_at > p_now;
        if found then
            outcome := 'given';
            return;
        end if;
    end if;

    v_given := array(
        select issued_at from payment_codes where user_id = p_user_id and issued_at > p_now - p_window order by issued_at desc);
    if cardinality(v_given) >= p_limit then
        outcome := 'too_many_codes';
        retry_after := ceil(extract(epoch from v_given[p_limit] + p_window - p_now))::int;
        return;
    end if;

    update payment_codes held set replaced_at = p_now
    where held.user_id = p_user_id and held.used_at is null and held.replaced_at is null
    returning held.code into v_ended;

    for v_candidate in
        select candidate.code, rest.unused
        from unnest(p_candidates) with ordinality as candidate (code, nth),
            unnest(array[coalesce(p_unused_rest, p_number_rest), p_number_rest]) with ordinality as rest (unused, nth)
        order by rest.nth, candidate.nth
    loop
        insert into payment_codes as held (code, user_id, issued_at, expires_at)
        values (v_candidate.code, p_user_id, p_now, p_expires_at)
        on conflict (code) do update
            set user_id = excluded.user_id, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
                used_at = null, replaced_at = null, order_id = null
            where greatest(held.expires_at, held.used_at, held.replaced_at)
                < p_now - case when held.used_at is null then greatest(v_candidate.unused, p_number_rest) else p_number_rest end;
        if found then
            if p_idempotency_key is not null then
                insert into idempotency_keys (subject, route, key, request_hash, created_at)
                values (p_subject, p_route, p_idempotency_key, '', p_now)
                on conflict do nothing;
            end if;
            outcome := 'given';
            code := v_candidate.code;
            expires_at := p_expires_at;
            return;
        end if;
    end loop;

    -- The guest keeps the code that they have.
    update payment_codes held set replaced_at = null where held.code = v_ended;
    outcome := 'codes_exhausted';
end $$;
