using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults.Features;

namespace Platform.Users.Storage.Migrations;

/// <summary>What premium is made of, the numbers of cards, who was reminded, and the switches by which an owner opens it all.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010300_AddMembershipPeriods")]
internal sealed class AddMembershipPeriods : SqlMigration
{
    protected override string UpSql => $$"""
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
        -- Whatever is delivered twice: a payment buys one period.
        create unique index ix_membership_periods_payment_id on membership_periods (payment_id);

        -- Also of payments that have not been heard of yet.
        create table membership_refunds (
            payment_id bigint primary key,
            user_id bigint not null,
            paid numeric(18, 2) not null constraint ck_membership_refunds_paid check (paid > 0),
            refunded numeric(18, 2) not null,
            refunded_at timestamptz not null,
            constraint ck_membership_refunds_no_more_than_paid check (refunded between 0 and paid)
        );

        -- Every number that a card ever had: none is given a second time, though whoever had it is erased.
        create table member_ids (
            member_id varchar(12) primary key constraint ck_member_ids_member_id check (member_id ~ '^MNT-[0-9A-HJKMNP-TV-Z]{8}$'),
            user_id bigint not null,
            issued_at timestamptz not null
        );
        create unique index ix_member_ids_user_id on member_ids (user_id);

        -- Its primary key decides between two who want to remind him at the same moment.
        create table membership_reminders (
            user_id bigint not null references users (id),
            membership_expires timestamptz not null,
            reminder integer not null constraint ck_membership_reminders_reminder check (reminder > 0),
            reminded_at timestamptz not null,
            primary key (user_id, membership_expires, reminder)
        );

        -- By what name a bot is known in Telegram.
        create table bots (
            bot text primary key,
            username text not null constraint ck_bots_username check (username ~ '^[A-Za-z0-9_]{3,64}$'),
            connected_at timestamptz not null
        );

        {{FeatureSwitches.Sql}}
        """;

    protected override string DownSql => $"""
        {FeatureSwitches.DropSql}
        drop table bots;
        drop table membership_reminders;
        drop table member_ids;
        drop table membership_refunds;
        drop table membership_periods;
        -- A premium member without his periods would be one whom nobody ever ends.
        update users set membership_type = 'free' where membership_type = 'premium';
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("feature_switches"),
        Dropped.Derived("bots", "each bot says it again when it connects"),
        Dropped.Derived("membership_reminders", "at worst somebody is reminded twice"),
        Dropped.Fact("member_ids"),
        Dropped.Fact("membership_refunds"),
        Dropped.Fact("membership_periods"),
        Dropped.Fact("users", "membership_type", where: "membership_type = 'premium'"),
    ];

    protected override string VerifySql => """
        select count(*) = 6 from pg_tables where schemaname = current_schema()
            and tablename in ('membership_periods', 'membership_refunds', 'member_ids', 'membership_reminders', 'bots', 'feature_switches')
        """;
}
