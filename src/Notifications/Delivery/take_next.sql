-- Takes the next message of a bot, if its pace allows one now, and marks it as being sent before Telegram is called.
-- One row: the message, or a null id and the instant at which to ask again; that is null too when nothing is due.
create or replace function take_next(p_bot text, p_now timestamptz, p_pace interval, p_slow_pace interval, p_chat_free_at timestamptz)
returns table (
    id bigint, created_at timestamptz, attempt int, telegram_id bigint, template text, parameters text, language text,
    traceparent text, queued_at timestamptz, next_at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
    v_sender record;
    v_pace interval;
    v_next_at timestamptz;
    v_due record;
begin
    -- Mostly nothing is waiting, and then nothing is written.
    if not exists (select from queue where sending_since is null and not_before <= p_now and p_bot = any(bots)) then
        return next;
        return;
    end if;

    -- The senders of a bot wait for each other here, so its limits hold even if several of them think that they lead.
    select sender.next_at, sender.slow_until into v_sender from senders sender where sender.bot = p_bot for update;
    if v_sender.next_at > p_now then
        next_at := v_sender.next_at;
        return next;
        return;
    end if;

    -- Through the first of the message's bots that the person has started and not blocked.
    select waiting.notification_id, waiting.created_at, waiting.queued_at, chat.telegram_id, contact.language into v_due
    from queue waiting
    join contacts contact on contact.user_id = waiting.user_id and not contact.erased
    join chats chat on chat.bot = p_bot and chat.telegram_id = contact.telegram_id and chat.blocked_at is null and chat.next_at <= p_now
    left join preferences wish on wish.user_id = waiting.user_id
    where waiting.sending_since is null and waiting.not_before <= p_now and p_bot = any(waiting.bots)
        -- What the person wants now, not what they wanted when it was queued. The sweep suppresses the rest.
        and not coalesce(
            (waiting.category = 'marketing' and not wish.marketing) or (waiting.category = 'reminder' and not wish.reminders), false)
        and not exists (
            select from chats better
            where better.telegram_id = chat.telegram_id and better.blocked_at is null
                and array_position(waiting.bots, better.bot::text) < array_position(waiting.bots, p_bot))
    order by waiting.priority, waiting.not_before, waiting.notification_id
    limit 1
    for update of waiting skip locked;
    if not found then
        return next;
        return;
    end if;

    -- Counted from slot to slot and not from call to call: a call that is late by less than a slot does not slow the pace.
    v_pace := case when v_sender.slow_until > p_now then p_slow_pace else p_pace end;
    v_next_at := greatest(v_sender.next_at, p_now - p_pace) + v_pace;
    update senders set next_at = v_next_at where bot = p_bot;
    update chats set next_at = p_chat_free_at where bot = p_bot and telegram_id = v_due.telegram_id;
    update queue set sending_since = p_now where notification_id = v_due.notification_id;
    return query
        update notifications taken
        set status = 'sending', attempts = taken.attempts + 1, bot = p_bot, not_before = null
        where taken.id = v_due.notification_id and taken.created_at = v_due.created_at
        returning taken.id, taken.created_at, taken.attempts, v_due.telegram_id, taken.template::text, taken.parameters::text,
            v_due.language::text, taken.traceparent::text, v_due.queued_at, v_next_at;
end $$;
