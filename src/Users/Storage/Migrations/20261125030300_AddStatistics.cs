using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Who people are to the business: one row each, by day, and by the week in which they came.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125030300_AddStatistics")]
internal sealed class AddStatistics : SqlMigration
{
    protected override string UpSql => """
        -- A day on which money was given back and nothing else happened counts nothing: it is none of his activity.
        create view user_stats as
        select u.id as user_id,
            u.created_at as registered_at,
            coalesce(came.channel, 'unknown') as channel,
            came.referral_user_id,
            done.last_active,
            coalesce(done.orders, 0) as orders,
            coalesce(done.lessons, 0) as lessons,
            coalesce(done.letters, 0) as letters,
            coalesce(done.spent, 0.00) as spent
        from users u
            left join acquisition_channels came on came.user_id = u.id
            cross join lateral (
                select max(a.day) filter (where a.count > 0) as last_active,
                    sum(a.count) filter (where a.kind = 'order') as orders,
                    sum(a.count) filter (where a.kind = 'lesson') as lessons,
                    sum(a.count) filter (where a.kind = 'letter') as letters,
                    sum(a.spent) as spent
                from activity_days a
                where a.user_id = u.id
            ) done
        where u.erased_at is null;

        create view user_activity as
        select day, kind, count(*) filter (where count > 0) as people, sum(count) as count, sum(spent) as spent
        from activity_days
        group by day, kind;

        -- Premium is who has it at the moment of the question, which a view has the database's clock for; the service compares premium_until with its own.
        -- No row is lost and none comes twice: its count is the number of people. The day of the registration is no return.
        create view user_cohorts_basic as
        select u.id as user_id,
            came_on.day as registered_on,
            date_trunc('week', came_on.day::timestamp)::date as registration_week,
            date_trunc('month', came_on.day::timestamp)::date as registration_month,
            coalesce(came.channel, 'unknown') as channel,
            coalesce(returned.in_week_1, false) as active_week_1,
            coalesce(returned.in_week_4, false) as active_week_4,
            coalesce(returned.in_week_12, false) as active_week_12,
            u.membership_type = 'premium' and u.membership_expires > now() as premium,
            case when u.membership_type = 'premium' then u.membership_expires end as premium_until
        from users u
            cross join lateral (select (u.created_at at time zone (select time_zone from calendar))::date as day) came_on
            left join acquisition_channels came on came.user_id = u.id
            cross join lateral (
                select bool_or(a.day <= came_on.day + 7) as in_week_1,
                    bool_or(a.day between came_on.day + 22 and came_on.day + 28) as in_week_4,
                    bool_or(a.day >= came_on.day + 78) as in_week_12
                from activity_days a
                where a.user_id = u.id and a.day between came_on.day + 1 and came_on.day + 84 and a.count > 0
            ) returned
        where u.erased_at is null;

        create view user_cohorts as
        select registration_week,
            channel,
            count(*) as people,
            count(*) filter (where active_week_1) as active_week_1,
            count(*) filter (where active_week_4) as active_week_4,
            count(*) filter (where active_week_12) as active_week_12,
            count(*) filter (where premium) as premium
        from user_cohorts_basic
        group by registration_week, channel;
        """;

    protected override string DownSql => """
        drop view user_cohorts;
        drop view user_cohorts_basic;
        drop view user_activity;
        drop view user_stats;
        """;

    protected override string VerifySql => """
        select (select count(*) from user_cohorts_basic) = (select count(*) from users where erased_at is null)
            and (select count(*) = 4 from information_schema.views where table_schema = current_schema()
                and table_name in ('user_stats', 'user_activity', 'user_cohorts_basic', 'user_cohorts'))
        """;
}
