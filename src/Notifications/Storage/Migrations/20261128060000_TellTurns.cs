using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>
/// A sender is told when its bot may send again, also when it asked too early; and which chat was refused last, so that one chat's limit
/// is told from the bot's. The function of before stays for senders of the version before.
/// </summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261128060000_TellTurns")]
internal sealed class TellTurns : SqlMigration
{
    protected override string UpSql => """
        alter table senders
            -- The chat that Telegram refused last (429), and until when: a second one within that time makes the whole bot wait.
            add column refused_chat bigint,
            add column refused_until timestamptz;

        -- Takes the message that is next for a bot, if its pace allows one now: marked as being sent before anybody is called.
        -- One row: the message, or none (id is null) and when to ask again; null when nothing is due.
        create function take_turn(p_bot text, p_now timestamptz, p_pace interval, p_chat_free_at timestamptz)
        returns table (
            id bigint, created_at timestamptz, attempt int, telegram_id bigint, template text, parameters text, language text,
            traceparent text, queued_at timestamptz, next_at timestamptz)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_sender senders%rowtype;
            v_next_at timestamptz;
            v_due record;
        begin
            -- Nothing waits: what is found most of the time, and nothing is written.
            if not exists (select from queue where sending_since is null and not_before <= p_now and p_bot = any(bots)) then
                return query select null::bigint, null::timestamptz, null::int, null::bigint, null::text, null::text, null::text, null::text,
                    null::timestamptz, null::timestamptz;
                return;
            end if;

            -- The senders of a bot pass here one by one, so that its limits hold however many believe that they lead.
            select sender.bot, sender.next_at, sender.slow_until into v_sender.bot, v_sender.next_at, v_sender.slow_until
            from senders sender where sender.bot = p_bot for update;
            if v_sender.next_at > p_now then
                return query select null::bigint, null::timestamptz, null::int, null::bigint, null::text, null::text, null::text, null::text,
                    null::timestamptz, v_sender.next_at;
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
                return query select null::bigint, null::timestamptz, null::int, null::bigint, null::text, null::text, null::text, null::text,
                    null::timestamptz, null::timestamptz;
                return;
            end if;

            -- From turn to turn and not from call to call: one that is late by less than a turn does not slow the pace.
            v_next_at := greatest(v_sender.next_at, p_now - p_pace) + p_pace * case when v_sender.slow_until > p_now then 2 else 1 end;
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
        drop function take_turn(text, timestamptz, interval, timestamptz);
        alter table senders drop column refused_chat, drop column refused_until;
        """;

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Derived("senders", "they say when each bot may send next")];

    protected override string VerifySql => """
        select to_regprocedure('take_turn(text, timestamptz, interval, timestamptz)') is not null
        """;
}
