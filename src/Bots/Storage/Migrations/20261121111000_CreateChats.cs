using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults.Features;

namespace Platform.Bots.Storage.Migrations;

/// <summary>Chats, the updates that arrive in them, countdowns, and updates that can be neither read nor stored.</summary>
[DbContext(typeof(BotsDb))]
[Migration("20261121111000_CreateChats")]
internal sealed class CreateChats : SqlMigration
{
    protected override string UpSql => $"""
        create table chats (
            bot varchar(16) not null,
            telegram_id bigint not null,
            language varchar(2) not null constraint ck_chats_language check (language in ('ru', 'en')),
            step varchar(64),
            form jsonb,
            question_id bigint,
            failed_update jsonb,
            started_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (bot, telegram_id)
        );

        -- Updates from Telegram: stored before they are confirmed there, and kept after they were handled, so that each takes effect once.
        create table updates (
            bot varchar(16) not null,
            update_id bigint not null,
            telegram_id bigint not null,
            payload jsonb,
            received_at timestamptz not null,
            handled_at timestamptz,
            primary key (bot, update_id),
            constraint ck_updates_payload check ((payload is null) = (handled_at is not null))
        );
        create index ix_updates_waiting on updates (bot, update_id) where handled_at is null;
        create index ix_updates_handled_at on updates (handled_at) where handled_at is not null;

        -- Codes with a running countdown in a chat with the guests' bot: one per guest.
        create table countdowns (
            telegram_id bigint primary key,
            message_id bigint not null,
            code varchar(6) not null,
            language varchar(2) not null,
            expires_at timestamptz not null,
            next_at timestamptz not null
        );
        create index ix_countdowns_next_at on countdowns (next_at);

        -- Updates that can be neither read nor stored.
        create table quarantined_updates (
            id uuid primary key,
            bot varchar(16) not null,
            update_id bigint,
            telegram_id bigint,
            content bytea not null,
            reason varchar(128) not null,
            received_at timestamptz not null
        );
        -- An update that Telegram sends again is stored once.
        create unique index ix_quarantined_updates_content on quarantined_updates (bot, (coalesce(update_id, 0)), sha256(content));
        create index ix_quarantined_updates_telegram_id on quarantined_updates (telegram_id);

        -- When the updates of each bot last moved on.
        create table polls (
            bot varchar(16) primary key,
            moved_at timestamptz not null
        );

        {FeatureSwitches.Sql}
        """;

    protected override string DownSql => $"""
        {FeatureSwitches.DropSql}
        drop table polls;
        drop table quarantined_updates;
        drop table countdowns;
        drop table updates;
        drop table chats;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("feature_switches", "users publishes them again on resync"),
        Dropped.Derived("polls", "the next poll begins where Telegram says"),
        Dropped.Derived("quarantined_updates", "no one can read them, and they are deleted after two weeks"),
        Dropped.Derived("countdowns", "they last for seconds"),
        Dropped.Fact("updates", where: "handled_at is null"),
        Dropped.Fact("chats"),
    ];

    protected override string VerifySql => """
        select to_regclass('chats') is not null and to_regclass('ix_updates_waiting') is not null and to_regclass('ix_countdowns_next_at') is not null
            and to_regclass('ix_quarantined_updates_content') is not null and to_regclass('polls') is not null
            and to_regclass('feature_switches') is not null
        """;
}
