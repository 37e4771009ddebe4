-- Charges credits for an operation in one round trip, all or nothing. It locks the balance first, so calls for one person run one by one.
create or replace function deduct_credits(
    p_user_id bigint, p_amount numeric, p_operation text, p_metadata jsonb, p_tokens bigint, p_trusted boolean, p_overdraft numeric,
    p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
    out outcome deduction_outcome, out balance_before numeric, out balance_after numeric, out shortfall numeric, out price numeric)
language plpgsql as $$
#variable_conflict use_column
declare
    v_account record;
    v_operation record;
    v_earlier record;
begin
    select user_id, balance, is_test_account, erased_at into v_account from user_balances where user_id = p_user_id for update;
    if v_account.user_id is null or v_account.erased_at is not null then
        outcome := case when v_account.user_id is null then 'account_opening' else 'account_not_found' end;
        return;
    end if;

    select o.price, o.price_per_1000_tokens into v_operation from operations o where o.name = p_operation;
    -- Roubles per 1 000 tokens are kopecks per 10 tokens; kopecks are rounded up.
    price := coalesce(v_operation.price, ceil(p_tokens * v_operation.price_per_1000_tokens / 10) / 100);
    balance_before := v_account.balance;
    balance_after := v_account.balance - p_amount;
    outcome := case
        -- A price that is not on the rate card, and a number of tokens, is trusted only from callers who gain nothing by it.
        when v_operation.price is null and not p_trusted and not v_account.is_test_account then 'operation_not_priced'
        when v_operation.price_per_1000_tokens is not null and p_tokens is null then 'tokens_required'
        when price <> p_amount then 'price_mismatch'
        when balance_after < -p_overdraft then 'insufficient_credits'
        else 'deducted'
    end;

    if outcome = 'deducted' then
        insert into credit_transactions
            (user_id, kind, change, contra, operation, metadata, balance_after, idempotency_key, request_hash, created_at)
        values
            (p_user_id, 'debit', -p_amount, 'usage', p_operation, p_metadata, balance_after, p_idempotency_key, p_request_hash, p_now)
        on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing;
        if found then
            update user_balances
            set balance = deduct_credits.balance_after, total_spent = total_spent + p_amount, updated_at = p_now
            where user_id = p_user_id;
            return;
        end if;
    end if;

    -- Refused, or done before. The key is looked up only now, so that a first call does not pay for the lookup.
    if p_idempotency_key is not null then
        select t.request_hash, t.change, t.balance_after into v_earlier
        from credit_transactions t where t.user_id = p_user_id and t.idempotency_key = p_idempotency_key;
        if found then
            outcome := case when v_earlier.request_hash = p_request_hash then 'repeated' else 'idempotency_key_reused' end;
            balance_after := v_earlier.balance_after;
            balance_before := v_earlier.balance_after - v_earlier.change;
            return;
        end if;
    end if;

    if outcome = 'insufficient_credits' then
        shortfall := -p_overdraft - balance_after;
    end if;
end $$;
