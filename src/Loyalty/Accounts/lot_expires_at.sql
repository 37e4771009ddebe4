-- When the points of a lot expire: some months after the guest's last order, or after they came if that was later. Null for never.
create or replace function lot_expires_at(p_earned_at timestamptz, p_expires_at timestamptz, p_last_order_at timestamptz, p_months int)
returns timestamptz
language sql stable as $$
    select coalesce(p_expires_at, case when p_months > 0
        then (greatest(p_earned_at, p_last_order_at) at time zone 'UTC' + make_interval(months => p_months)) at time zone 'UTC' end)
$$;
