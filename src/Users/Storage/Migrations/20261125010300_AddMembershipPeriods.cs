using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>The periods that premium is made of, the numbers of cards, sent reminders, and the statistics that count members.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010300_AddMembershipPeriods")]
internal sealed class AddMembershipPeriods : SqlMigration
{
    protected override string UpSql => """
        create table membership_periods (
            id bigint generated always as identity primary key,
            user_id bigint not null references users (id),
            valid_from timestamptz not null,
            valid_until timestamptz not null,
            anchor_day integer constraint ck_membership_periods_anchor_day check (anchor_day between 1 and 31),
            source text not null constraint ck_membership_periods_source check (source in ('payment', 'gift', 'admin')),
            payment_id bigint,
            taken_back interval not null default interval '0' constraint ck_membership_periods_taken_back check (taken_back >= interval '0'),
            granted_at timestamptz not null,
            constraint ck_membership_periods_in_order check (valid_until >= valid_from),
            constraint ck_membership_periods_payment check ((source = 'payment') = (payment_id is not null))
        );
        create index ix_membership_periods_user_id on membership_periods (user_id, valid_until);
        -- A payment buys one period, also when its event is delivered twice.
        create unique index ix_membership_periods_payment_id on membership_periods (payment_id);

        -- Also of payments whose own event has not arrived yet.
        create table membership_refunds (
            payment_id bigint primary key,
            user_id bigint not null,
            paid numeric(18, 2) not null constraint ck_membership_refunds_paid check (paid > 0),
            refunded numeric(18, 2) not null,
            refunded_at timestamptz not null,
            constraint ck_membership_refunds_no_more_than_paid check (refunded between 0 and paid)
        );

        -- Every number that a card ever had: none is issued a second time, even after its owner was erased.
        create table member_ids (
            member_id varchar(12) primary key constraint ck_member_ids_member_id check (member_id ~ '^MNT-[0-9A-HJKMNP-TV-Z]{8}$'),
            user_id bigint not null,
            issued_at timestamptz not null
        );
        create unique index ix_member_ids_user_id on member_ids (user_id);

        -- The primary key decides between two replicas that remind one person at the same moment.
        create table membership_reminders (
            user_id bigint not null references users (id),
            membership_expires timestamptz not null,
            reminder integer not null constraint ck_membership_reminders_reminder check (reminder > 0),
            reminded_at timestamptz not null,
            primary key (user_id, membership_expires, reminder)
        );

        -- A day with nothing but a refund counts as no activity.
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

        -- Premium at the moment of the query: a view has only the database's clock; the service compares premium_until with its own.
        -- One row per person, so its count is the number of people. The day of the registration is not a return.
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
        drop table membership_reminders;
        drop table member_ids;
        drop table membership_refunds;
        drop table membership_periods;
        -- Nothing would ever end the premium of a member without periods.
        update users set membership_type = 'free' where membership_type = 'premium';
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("membership_reminders", "at worst someone is reminded twice"),
        Dropped.Fact("member_ids"),
        Dropped.Fact("membership_refunds"),
        Dropped.Fact("membership_periods"),
        Dropped.Fact("users", "membership_type", where: "membership_type = 'premium'"),
    ];

    protected override string VerifySql => """
        select (select count(*) = 4 from pg_tables where schemaname = current_schema()
                and tablename in ('membership_periods', 'membership_refunds', 'member_ids', 'membership_reminders'))
            and (select count(*) = 4 from information_schema.views where table_schema = current_schema()
                and table_name in ('user_stats', 'user_activity', 'user_cohorts_basic', 'user_cohorts'))
            and (select count(*) from user_cohorts_basic) = (select count(*) from users where erased_at is null)
        """;
}
