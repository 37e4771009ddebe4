using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Loyalty.Storage.Migrations;

/// <summary>Shops with their staff and shifts, feedback with replies, and alerts that someone has seen.</summary>
[DbContext(typeof(LoyaltyDb))]
[Migration("20261201120000_AddShopsAndFeedback")]
internal sealed class AddShopsAndFeedback : SqlMigration
{
    protected override string UpSql => """
        create table shops (
            id varchar(64) primary key constraint ck_shops_id check (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
            name varchar(100) not null constraint ck_shops_name check (length(name) > 0),
            city varchar(100),
            address varchar(200),
            opening_hours varchar(200),
            active boolean not null,
            created_at timestamptz not null
        );

        create table staff_shops (
            staff_id bigint not null,
            shop_id varchar(64) not null references shops (id),
            primary key (staff_id, shop_id)
        );
        create index ix_staff_shops_shop_id on staff_shops (shop_id);

        create table shifts (
            id bigint generated always as identity primary key,
            staff_id bigint not null,
            shop_id varchar(64) not null references shops (id),
            opened_at timestamptz not null,
            closed_at timestamptz,
            constraint ck_shifts_closed_at check (closed_at >= opened_at)
        );
        create unique index ix_shifts_open on shifts (staff_id) where closed_at is null;
        create index ix_shifts_staff_id on shifts (staff_id, id desc);
        create index ix_shifts_shop_id on shifts (shop_id, id desc);

        -- Without text: a rating alone, or what an erased guest wrote. A guest rates an order once; rating it again replaces the review.
        create table feedback (
            id bigint generated always as identity primary key,
            kind varchar(16) not null constraint ck_feedback_kind check (kind in ('review', 'idea', 'message')),
            user_id bigint not null references accounts (user_id),
            rating smallint constraint ck_feedback_rating check (rating between 1 and 10),
            text text constraint ck_feedback_text check (length(text) between 1 and 4000),
            shop_id varchar(64),
            order_id bigint references orders (id),
            created_at timestamptz not null,
            constraint ck_feedback_review check ((kind = 'review') = (rating is not null) and (order_id is null or kind = 'review'))
        );
        create unique index ix_feedback_order_id on feedback (order_id) where order_id is not null;
        create index ix_feedback_user_id on feedback (user_id, id desc);
        create index ix_feedback_ratings on feedback (created_at) include (rating, shop_id) where rating is not null;

        create table replies (
            id bigint generated always as identity primary key,
            feedback_id bigint not null references feedback (id),
            staff_id bigint not null,
            text text constraint ck_replies_text check (length(text) between 1 and 4000),
            at timestamptz not null
        );
        create index ix_replies_feedback_id on replies (feedback_id, id);

        alter table alerts
            add column details jsonb,
            add column seen_at timestamptz,
            add column seen_by bigint;
        alter table alerts add constraint ck_alerts_seen check ((seen_at is null) = (seen_by is null)) not valid;
        grant update (seen_at, seen_by) on alerts to loyalty;
        """;

    protected override string DownSql => """
        revoke update (seen_at, seen_by) on alerts from loyalty;
        alter table alerts drop column details, drop column seen_at, drop column seen_by;
        drop table replies, feedback, shifts, staff_shops, shops;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("alerts", "details"),
        Dropped.Fact("alerts", "seen_at"),
        Dropped.Fact("alerts", "seen_by"),
        Dropped.Fact("replies"),
        Dropped.Fact("feedback"),
        Dropped.Fact("shifts"),
        Dropped.Fact("staff_shops"),
        Dropped.Fact("shops"),
    ];

    protected override string VerifySql => """
        select has_column_privilege('loyalty', 'alerts', 'seen_at', 'update') and not has_column_privilege('loyalty', 'alerts', 'kind', 'update')
        """;
}
