using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Bots.Storage.Migrations;

[DbContext(typeof(BotsDb))]
[Migration("20261121111000_CreateChats")]
internal sealed class CreateChats : SqlMigration
{
    protected override string UpSql => """
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

        -- What Telegram has sent: kept before it is confirmed there, and remembered after it was handled, so that it has its effect once.
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

        -- Codes whose seconds are counted down in a chat with the guests' bot: one a guest.
        create table countdowns (
            telegram_id bigint primary key,
            message_id bigint not null,
            code varchar(6) not null,
            language varchar(2) not null,
            expires_at timestamptz not null,
            next_at timestamptz not null
        );
        create index ix_countdowns_next_at on countdowns (next_at);
        """;

    protected override string DownSql => "drop table countdowns; drop table updates; drop table chats;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("countdowns", "they last for seconds"),
        Dropped.Fact("updates", where: "handled_at is null"),
        Dropped.Fact("chats"),
    ];

    protected override string VerifySql => """
        select to_regclass('chats') is not null and to_regclass('ix_updates_waiting') is not null and to_regclass('ix_countdowns_next_at') is not null
        """;
}
