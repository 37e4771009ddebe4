using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Bots.Storage.Migrations;

/// <summary>Updates that can be neither read nor stored, and when each bot's updates last moved on.</summary>
[DbContext(typeof(BotsDb))]
[Migration("20261128010000_CreateQuarantine")]
internal sealed class CreateQuarantine : SqlMigration
{
    protected override string UpSql => """
        create table quarantined_updates (
            id uuid primary key,
            bot varchar(16) not null,
            update_id bigint,
            telegram_id bigint,
            content bytea not null,
            reason varchar(128) not null,
            received_at timestamptz not null
        );
        -- One that Telegram sends again is the one that is there.
        create unique index ix_quarantined_updates_content on quarantined_updates (bot, (coalesce(update_id, 0)), sha256(content));
        create index ix_quarantined_updates_telegram_id on quarantined_updates (telegram_id);

        create table polls (
            bot varchar(16) primary key,
            moved_at timestamptz not null
        );
        """;

    protected override string DownSql => "drop table polls; drop table quarantined_updates;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("polls", "the next poll begins where Telegram says"),
        Dropped.Derived("quarantined_updates", "nobody can read them, and they are deleted after two weeks"),
    ];

    protected override string VerifySql => "select to_regclass('ix_quarantined_updates_content') is not null and to_regclass('polls') is not null";
}
