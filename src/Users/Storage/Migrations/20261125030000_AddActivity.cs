using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>On which days people did something here, and the clock on the wall by which a day is a day.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125030000_AddActivity")]
internal sealed class AddActivity : SqlMigration
{
    protected override string UpSql => """
        -- One row, which each start of the service makes what its settings say; nothing is counted by it before the first.
        create table calendar (
            time_zone text not null,
            one_row boolean primary key default true constraint ck_calendar_one_row check (one_row)
        );
        insert into calendar (time_zone) values ('Europe/Moscow');

        create table activity_days (
            user_id bigint not null references users (id),
            day date not null,
            kind text not null constraint ck_activity_days_kind check (kind in ('order', 'lesson', 'letter', 'credits', 'bot')),
            count integer not null constraint ck_activity_days_count check (count >= 0),
            spent numeric(12, 2) not null default 0,
            primary key (user_id, day, kind),
            constraint ck_activity_days_spent_on_orders check (spent = 0 or kind = 'order')
        );
        create index ix_activity_days_day on activity_days (day);
        """;

    protected override string DownSql => """
        drop table activity_days;
        drop table calendar;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("activity_days"),
        Dropped.Derived("calendar", "each start of the service writes it"),
    ];

    protected override string VerifySql => """
        select to_regclass('activity_days') is not null and (select count(*) = 1 from calendar)
        """;
}
