-- Guests after p_after, by their id, who have points that expire after p_from (null for no limit) and no later than p_until.
create or replace function guests_with_points_expiring(p_from timestamptz, p_until timestamptz, p_after bigint, p_limit int) returns setof bigint
language sql stable as $$
    select account.user_id
    from accounts account, settings
    where account.user_id > p_after and account.points > 0
        -- Most guests came lately, so their lots need no look.
        and (account.last_order_at is null
            or lot_expires_at(account.last_order_at, null, null, settings.points_expire_after_months) <= p_until
            or exists (
                select from point_lots dated
                where dated.user_id = account.user_id and dated.points_left > 0 and dated.expires_at <= p_until))
        and exists (
            select
            from point_lots lot, lot_expires_at(lot.earned_at, lot.expires_at, account.last_order_at, settings.points_expire_after_months) as expiry (at)
            where lot.user_id = account.user_id and lot.points_left > 0 and expiry.at <= p_until and (p_from is null or expiry.at > p_from))
    order by account.user_id
    limit p_limit
$$;
