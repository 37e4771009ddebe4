-- One call at a time for each member of the staff: of many codes guessed at once, no more are looked up than they may enter. Every
-- transaction takes this lock first, then that of the account, then all others.
create or replace function lock_staff(p_staff_id bigint) returns void
language sql as $$ select pg_advisory_xact_lock(hashtextextended('loyalty.staff', p_staff_id)) $$;
