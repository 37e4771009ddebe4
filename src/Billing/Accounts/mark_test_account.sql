-- Marks an account as a test account, or removes the mark. Returns whether the mark changed, and null when there is no such account.
create or replace function mark_test_account(p_user_id bigint, p_is_test boolean, p_test_credits numeric, p_now timestamptz) returns boolean
language plpgsql as $$
declare
    v_changed boolean;
begin
    select is_test_account <> p_is_test into v_changed from user_balances where user_id = p_user_id and erased_at is null for update;
    if v_changed then
        update user_balances set is_test_account = p_is_test, updated_at = p_now where user_id = p_user_id;
        if p_is_test then
            perform grant_start_credits(p_user_id, p_test_credits, 'test_credits', p_now);
        end if;
    end if;

    return v_changed;
end $$;
