-- After thresholds were lowered: lifts guests to the level that their lifetime points reach now, and says how many. Nobody loses a level.
create or replace function raise_levels(p_now timestamptz, p_traceparent text) returns bigint
language plpgsql as $$
#variable_conflict use_column
declare
    v_lifted record;
    v_count bigint := 0;
begin
    for v_lifted in
        select account.user_id, account.level, account.version, reached.key as reached, reached.threshold
        from accounts account
            join levels held on held.key = account.level
            join lateral (
                select level.key, level.rank, level.threshold from levels level
                where level.threshold <= account.lifetime_points order by level.rank desc limit 1) reached on reached.rank > held.rank
        order by account.user_id
        for update of account
    loop
        update accounts set level = v_lifted.reached, level_threshold = v_lifted.threshold, level_since = p_now, version = version + 1
        where user_id = v_lifted.user_id;
        perform record_event(gen_random_uuid(), 'LevelChanged', jsonb_build_object(
            'userId', v_lifted.user_id, 'from', v_lifted.level, 'to', v_lifted.reached, 'version', v_lifted.version + 1, 'changedAt', event_time(p_now)),
            p_traceparent, p_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end $$;
