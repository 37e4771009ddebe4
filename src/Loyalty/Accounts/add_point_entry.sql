-- Adds one entry to the ledger, unless nothing changes. Incoming points pay the debt first; points taken beyond the balance become debt.
create or replace function add_point_entry(
    p_user_id bigint, p_change bigint, p_reason text, p_source_id text, p_now timestamptz, inout points bigint, inout debt bigint)
language plpgsql as $$
declare
    v_points bigint := greatest(points - debt + p_change, 0);
    v_debt bigint := greatest(debt - points - p_change, 0);
begin
    if p_change <> 0 then
        insert into point_entries (user_id, delta, debt_delta, reason, source_id, balance_after, created_at)
        values (p_user_id, v_points - points, v_debt - debt, p_reason, p_source_id, v_points, p_now);
    end if;
    points := v_points;
    debt := v_debt;
end $$;
