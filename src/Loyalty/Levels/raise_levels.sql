-- Gives every guest the highest level that they have points for, after thresholds were lowered, and says how many rose. It takes no level away.
create or replace function raise_levels(p_now timestamptz, p_traceparent text) returns bigint
language plpgsql as $$
declare
    v_risen record;
    v_count bigint := 0;
begin
    for v_risen in
        with risen as (
            select account.user_id, held.key as from_level, reached.key as to_level, reached.threshold
            from accounts account
                join levels held on held.key = account.level,
                lateral (select key, rank, threshold from levels where threshold <= account.lifetime_points order by rank desc limit 1) reached
            where reached.rank > held.rank
        )
        update accounts set level = risen.to_level, level_threshold = risen.threshold, level_since = p_now, version = version + 1
        from risen where accounts.user_id = risen.user_id
        returning accounts.user_id, risen.from_level, risen.to_level, accounts.version
    loop
        v_count := v_count + 1;
        if not exists (select from guest_names erased where erased.user_id = v_risen.user_id and erased.erased_at is not null) then
            perform record_event(gen_random_uuid(), 'LevelChanged', jsonb_build_object(
                'userId', v_risen.user_id, 'from', v_risen.from_level, 'to', v_risen.to_level, 'version', v_risen.version,
                'changedAt', event_time(p_now)),
                p_traceparent, p_now);
        end if;
    end loop;
    return v_count;
end $$;
