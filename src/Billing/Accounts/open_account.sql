-- Opens a person's account on the free plan, with the start credits that are due. Safe to call again: it adds what is missing, and
-- changes nothing for an erased person.
create or replace function open_account(p_user_id bigint, p_start_credits numeric, p_now timestamptz) returns void
language plpgsql as $$
begin
    insert into user_balances (user_id, created_at, updated_at) values (p_user_id, p_now, p_now) on conflict (user_id) do nothing;
    if found then
        insert into subscriptions (user_id, plan, period_start, period_end)
        -- Months are counted in UTC, whatever the server's time zone is.
        select p_user_id, key, p_now, (p_now at time zone 'UTC' + make_interval(months => period_months)) at time zone 'UTC'
        from plans where key = 'free';
        if not found then
            raise exception 'There is no free plan: migrate writes the plans.';
        end if;
    end if;

    perform grant_start_credits(p_user_id, p_start_credits, 'start_credits', p_now);
end $$;
