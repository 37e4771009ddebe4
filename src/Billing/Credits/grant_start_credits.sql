-- Tops a person's start credits up to p_up_to. Each source grants once, even when the amount is raised and its event comes again.
create or replace function grant_start_credits(p_user_id bigint, p_up_to numeric, p_source_id text, p_now timestamptz) returns void
language plpgsql as $$
declare
    v_balance numeric;
    v_erased_at timestamptz;
    v_missing numeric;
begin
    select balance, erased_at into v_balance, v_erased_at from user_balances where user_id = p_user_id for update;
    if v_erased_at is not null then
        return;
    end if;

    select p_up_to - coalesce(sum(change), 0) into v_missing
    from credit_transactions where user_id = p_user_id and source_id in ('start_credits', 'test_credits');
    if v_missing <= 0 then
        return;
    end if;

    insert into credit_transactions (user_id, kind, change, contra, operation, balance_after, source_id, created_at)
    values (p_user_id, 'grant', v_missing, 'promotions', p_source_id, v_balance + v_missing, p_source_id, p_now)
    on conflict (user_id, source_id) where source_id is not null do nothing;
    if found then
        update user_balances set balance = balance + v_missing, updated_at = p_now where user_id = p_user_id;
    end if;
end $$;
