-- An instant as events have it in their JSON: UTC, whatever the session's time zone.
create or replace function event_time(p_at timestamptz) returns text
language sql stable as $$ select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
