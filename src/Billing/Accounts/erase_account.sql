-- Anonymizes a person's account: amounts stay and still add up, callers' texts go. It runs with the rights of the owner, because the
-- serving role may not change the ledger.
create or replace function erase_account(p_user_id bigint, p_now timestamptz) returns void
language plpgsql security definer set search_path = billing, pg_temp as $$
begin
    -- Also for a person whose registration has not arrived yet, so that it opens no account later.
    insert into user_balances as account (user_id, created_at, updated_at, erased_at) values (p_user_id, p_now, p_now, p_now)
    on conflict (user_id) do update set erased_at = excluded.erased_at, updated_at = excluded.updated_at
    where account.erased_at is null;

    update credit_transactions set
        metadata = null, idempotency_key = null, request_hash = null,
        -- A name on the rate card is the business's own; any other text came from a caller.
        operation = case when kind <> 'debit' or exists (select from operations o where o.name = operation) then operation else 'erased' end
    where user_id = p_user_id;
    delete from subscriptions where user_id = p_user_id;
end $$;
