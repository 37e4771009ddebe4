-- Publishes an event with this transaction. The payload's fields are those of the contract; null ones are left out.
create or replace function record_event(p_id uuid, p_type text, p_payload jsonb, p_traceparent text, p_now timestamptz) returns void
language plpgsql as $$
begin
    insert into outbox (id, type, payload, traceparent, created_at)
    values (p_id, 'Platform.Contracts.Loyalty.' || p_type, jsonb_strip_nulls(p_payload), p_traceparent, p_now);
end $$;
