using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>Which messages people want, the categories that they can switch off, and the card number by which staff address a guest.</summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261201100000_AddPreferences")]
internal sealed class AddPreferences : SqlMigration
{
    protected override string UpSql => """
        create table preferences (
            user_id bigint primary key,
            marketing boolean not null,
            reminders boolean not null,
            changed_at timestamptz not null
        );

        alter table contacts add column member_id varchar(12);

        alter table notifications drop constraint ck_notifications_category;
        alter table notifications add constraint ck_notifications_category
            check (category in ('transactional', 'personal', 'reminder', 'marketing')) not valid;

        -- Null for messages that the previous release queues meanwhile: it has no category that can be switched off.
        alter table queue add column category text;
        """;

    // The previous release knows two categories.
    protected override string DownSql => """
        alter table queue drop column category;
        update notifications set category = 'personal' where category in ('reminder', 'marketing');
        alter table notifications drop constraint ck_notifications_category;
        alter table notifications add constraint ck_notifications_category check (category in ('transactional', 'personal'));
        alter table contacts drop column member_id;
        drop table preferences;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("queue", "category", "its messages are in notifications"),
        Dropped.Derived("notifications", "category", "it follows from the template"),
        Dropped.Derived("contacts", "member_id", "Users resync publishes it again"),
        Dropped.Fact("preferences"),
    ];

    protected override string VerifySql => """
        select to_regclass('preferences') is not null
            and (select count(*) = 2 from information_schema.columns
                where table_schema = current_schema() and (table_name, column_name) in (('contacts', 'member_id'), ('queue', 'category')))
        """;
}
