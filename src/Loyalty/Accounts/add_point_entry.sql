drop function if exists add_point_entry(bigint, bigint, text, text, timestamptz, bigint, bigint);
-- Adds one entry to the ledger, unless nothing changes: the only way to write one. Incoming points pay the debt first; points taken beyond
-- the balance become debt. What reaches the balance is a lot, or goes back to the lots that p_return_of took it from. What leaves it comes
-- from p_first_lots, then from the oldest lots. The caller holds the account's lock, and stores points and debt there.
create or replace function add_point_entry(
    p_user_id bigint, p_change bigint, p_reason text, p_source_id text, p_now timestamptz, inout points bigint, inout debt bigint,
    p_why jsonb default null, p_expires_at timestamptz default null, p_first_lots bigint[] default null, p_return_of bigint default null,
    out entry_id bigint)
language plpgsql as $$
declare
    v_points bigint := greatest(points - debt + p_change, 0);
    v_debt bigint := greatest(debt - points - p_change, 0);
    v_delta bigint := v_points - points;
begin
    if p_change <> 0 then
        insert into point_entries (user_id, delta, debt_delta, reason, source_id, balance_after, created_at, why)
        values (p_user_id, v_delta, v_debt - debt, p_reason, p_source_id, v_points, p_now, p_why)
        returning id into entry_id;
        if v_delta < 0 then
            perform take_from_lots(p_user_id, entry_id, -v_delta, p_first_lots);
        elsif v_delta > 0 then
            v_delta := v_delta - case when p_return_of is null then 0 else return_to_lots(p_user_id, entry_id, v_delta, p_return_of) end;
            if v_delta > 0 then
                insert into point_lots (user_id, entry_id, points, points_left, earned_at, expires_at)
                values (p_user_id, entry_id, v_delta, v_delta, p_now, p_expires_at);
            end if;
        end if;
    end if;
    points := v_points;
    debt := v_debt;
end $$;
