using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>
/// Who can be reached by which bot, the queue that the senders work off, and what each bot's sender must know whoever leads.
/// Notifications that waited for a delivery to exist are put into the queue.
/// </summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261122100000_CreateDelivery")]
internal sealed class CreateDelivery : SqlMigration
{
    protected override string UpSql => """
        alter table contacts add column telegram_id bigint;
        alter table notifications add column bot varchar(32), add column traceparent varchar(64);

        create table chats (
            bot varchar(32) not null,
            telegram_id bigint not null,
            started_at timestamptz not null,
            blocked_at timestamptz,
            -- Nothing more is sent to this chat before.
            next_at timestamptz not null,
            primary key (bot, telegram_id)
        );

        create table senders (
            bot varchar(32) primary key,
            -- Nothing is sent by this bot before: the pace, and after a 429 the wait that Telegram asks for.
            next_at timestamptz not null,
            -- Until then at half the pace: Telegram complained.
            slow_until timestamptz not null
        );

        -- Rows come and go quickly: vacuum early, or each look for work reads dead rows.
        create table queue (
            notification_id bigint primary key,
            created_at timestamptz not null,
            user_id bigint not null,
            bots text[] not null constraint ck_queue_bots check (cardinality(bots) > 0),
            priority smallint not null,
            queued_at timestamptz not null,
            not_before timestamptz not null,
            sending_since timestamptz
        ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
        create index ix_queue_next on queue (priority, not_before, notification_id) where sending_since is null;

        -- They have waited since it happened: old news that reaches nobody is not kept for the day when it does.
        insert into queue (notification_id, created_at, user_id, bots, priority, queued_at, not_before)
        select id, created_at, user_id, array['client'], case category when 'transactional' then 0 else 1 end, created_at, '-infinity'
        from notifications where status = 'queued';

        -- Takes the message that is next for a bot, if its pace allows one now: marked as being sent before anybody is called.
        create function take_next(p_bot text, p_now timestamptz, p_pace interval, p_chat_free_at timestamptz)
        returns table (
            id bigint, created_at timestamptz, attempt int, telegram_id bigint, template text, parameters text, language text,
            traceparent text, queued_at timestamptz, next_at timestamptz)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_next_at timestamptz;
            v_due record;
        begin
            -- Nothing waits: what is found most of the time, and nothing is written.
            if not exists (select from queue where sending_since is null and not_before <= p_now and p_bot = any(bots)) then
                return;
            end if;

            -- Whoever sends for this bot passes here one by one, so that its limits hold however many believe that they lead.
            -- From turn to turn and not from call to call: one that is late by less than a turn does not slow the pace.
            select greatest(next_at, p_now - p_pace) + p_pace * case when slow_until > p_now then 2 else 1 end into v_next_at
            from senders where bot = p_bot and next_at <= p_now for update;
            if not found then
                return;
            end if;

            -- By the first of the message's bots that the person has started and not blocked.
            select waiting.notification_id, waiting.created_at, waiting.queued_at, chat.telegram_id, contact.language into v_due
            from queue waiting
            join contacts contact on contact.user_id = waiting.user_id and not contact.erased
            join chats chat on chat.bot = p_bot and chat.telegram_id = contact.telegram_id and chat.blocked_at is null and chat.next_at <= p_now
            where waiting.sending_since is null and waiting.not_before <= p_now and p_bot = any(waiting.bots)
                and not exists (
                    select from chats better
                    where better.telegram_id = chat.telegram_id and better.blocked_at is null
                        and array_position(waiting.bots, better.bot::text) < array_position(waiting.bots, p_bot))
            order by waiting.priority, waiting.not_before, waiting.notification_id
            limit 1
            for update of waiting skip locked;
            if not found then
                return;
            end if;

            update senders set next_at = v_next_at where bot = p_bot;
            update chats set next_at = p_chat_free_at where bot = p_bot and telegram_id = v_due.telegram_id;
            update queue set sending_since = p_now where notification_id = v_due.notification_id;
            return query
                update notifications told
                set status = 'sending', attempts = told.attempts + 1, bot = p_bot, not_before = null
                where told.id = v_due.notification_id and told.created_at = v_due.created_at
                returning told.id, told.created_at, told.attempts, v_due.telegram_id, told.template::text, told.parameters::text,
                    v_due.language::text, told.traceparent::text, v_due.queued_at, v_next_at;
        end $$;
        """;

    protected override string DownSql => """
        drop function take_next(text, timestamptz, interval, timestamptz);
        drop table queue;
        drop table senders;
        drop table chats;
        alter table notifications drop column bot, drop column traceparent;
        alter table contacts drop column telegram_id;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("queue", "the way up fills it with what still waits"),
        Dropped.Derived("senders", "when each bot may send next"),
        Dropped.Fact("chats"),
        Dropped.Fact("notifications", "bot"),
        Dropped.Derived("notifications", "traceparent", "traces are kept for days"),
        Dropped.Derived("contacts", "telegram_id", "users publishes it again on resync"),
    ];

    protected override string VerifySql => """
        select to_regclass('chats') is not null and to_regclass('senders') is not null
            and (select count(*) from notifications where status = 'queued') = (select count(*) from queue)
        """;
}
