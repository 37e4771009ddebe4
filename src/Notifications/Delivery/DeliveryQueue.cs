using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Platform.Notifications.Delivery;

/// <summary>The queue as senders use it: take the next message, record the outcome. Each change is one statement.</summary>
internal sealed class DeliveryQueue(NpgsqlDataSource database, IOptions<NotificationsOptions> options, TimeProvider clock)
{
    /// <summary>For <c>verify</c>: notifications that are queued or being sent but not in the queue, and the reverse.</summary>
    public const string Mismatches = """
        select coalesce(n.id, q.notification_id) as id, n.status, q.queued_at, q.sending_since
        from (select id, created_at, status from notifications where status in ('queued', 'sending')) n
        full join queue q on q.notification_id = n.id and q.created_at = n.created_at
        where n.id is null or q.notification_id is null or (n.status = 'sending') <> (q.sending_since is not null)
        order by 1
        """;

    /// <summary>Added to the call's time-out for the work before and after the call.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>Longest pause of a whole bot after a 429. If it was too short, the next 429 extends it.</summary>
    private static readonly TimeSpan LongestBotPause = TimeSpan.FromSeconds(30);

    /// <summary>How much longer the bot waits between messages after a 429: see <see cref="NotificationsOptions.SlowFor"/>.</summary>
    private const int SlowFactor = 2;

    private readonly NotificationsOptions _options = options.Value;

    private TimeSpan LongestCall => _options.SendTimeout + Margin;

    public Task Register(string bot) => Execute(
        "insert into senders (bot, next_at, slow_until) values (@bot, '-infinity', '-infinity') on conflict do nothing", new { bot });

    public async Task<NextMessage> TakeNext(string bot)
    {
        var now = clock.GetUtcNow();
        var pace = TimeSpan.FromSeconds(1) / _options.MessagesPerSecond;
        await using var connection = await database.OpenConnectionAsync();
        // Not cancellable: a message taken by a cancelled call would become uncertain for no reason.
        var next = await connection.QuerySingleAsync<NextMessageRow>(
            """
            select id, created_at, attempt, telegram_id, template, parameters, language, traceparent, queued_at, next_at
            from take_next(@bot, @now, @pace, @slowPace, @chatFreeAt)
            """,
            new
            {
                bot,
                now,
                pace,
                slowPace = pace * SlowFactor,
                // Upper bound. The end of the call sets the exact time; after a crash this bound applies.
                chatFreeAt = now + LongestCall,
            });
        return new NextMessage(next.TakenAt(now), next.NextAt);
    }

    public Task Finish(string bot, TakenMessage message, Outcome outcome)
    {
        var now = clock.GetUtcNow();
        return outcome switch
        {
            Outcome.Sent sent => End(bot, message, "sent", error: null, sent.MessageId),
            Outcome.Refused refused => End(bot, message, "failed", refused.Error),
            Outcome.Blocked blocked => End(bot, message, "failed", blocked.Error, isBlocked: true),
            Outcome.Uncertain uncertain => End(bot, message, "uncertain", uncertain.Error),
            Outcome.Unavailable unavailable when now - message.QueuedAt >= _options.GiveUpAfter => End(bot, message, "failed", unavailable.Error),
            Outcome.Unavailable unavailable => PutBack(bot, message, unavailable.Error, now + Pause(message.Attempt)),
            Outcome.TooMany tooMany => PutBackRefused(bot, message, tooMany, now),
            Outcome.TokenRefused refused => PutBack(bot, message, refused.Error, now),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No such outcome."),
        };
    }

    /// <summary>Marks messages whose sender was interrupted as uncertain: they may have arrived.</summary>
    /// <returns>The number of messages.</returns>
    public Task<int> GiveUpInterrupted(string bot)
    {
        var now = clock.GetUtcNow();
        return Execute("""
            with interrupted as (
                delete from queue q using notifications n
                where q.sending_since < @before and n.id = q.notification_id and n.created_at = q.created_at and n.bot = @bot
                returning q.notification_id, q.created_at
            )
            update notifications n set status = 'uncertain', error = 'The sender was interrupted.'
            from interrupted i where n.id = i.notification_id and n.created_at = i.created_at
            """, new { bot, before = now - LongestCall });
    }

    /// <summary>Suppresses messages that no bot can deliver, once they have waited for <see cref="NotificationsOptions.NoChatGrace"/>.</summary>
    /// <returns>The number of messages.</returns>
    public Task<int> SuppressUnreachable(string bot)
    {
        var now = clock.GetUtcNow();
        return Execute("""
            with unreachable as (
                delete from queue q
                where q.sending_since is null and q.queued_at <= @before and @bot = any(q.bots) and not exists (
                    select from contacts k join chats c on c.telegram_id = k.telegram_id
                    where k.user_id = q.user_id and not k.erased and c.bot = any(q.bots) and c.blocked_at is null)
                returning q.notification_id, q.created_at, q.user_id, q.bots
            )
            update notifications n
            set status = 'suppressed', not_before = null, error = case
                when exists (select from contacts k where k.user_id = u.user_id and k.erased) then 'erased'
                when exists (select from contacts k join chats c on c.telegram_id = k.telegram_id where k.user_id = u.user_id and c.bot = any(u.bots)) then 'blocked'
                else 'no_chat' end
            from unreachable u where n.id = u.notification_id and n.created_at = u.created_at
            """, new { bot, before = now - _options.NoChatGrace });
    }

    /// <summary>Suppresses waiting messages that their person has switched off. <c>take_next</c> does not send them meanwhile.</summary>
    /// <returns>The number of messages.</returns>
    public Task<int> SuppressUnwanted(string bot) => Execute("""
        with unwanted as (
            delete from queue q using preferences wish
            where wish.user_id = q.user_id and q.sending_since is null and @bot = any(q.bots)
                and ((q.category = 'marketing' and not wish.marketing) or (q.category = 'reminder' and not wish.reminders))
            returning q.notification_id, q.created_at
        )
        update notifications n set status = 'suppressed', not_before = null, error = 'opted_out'
        from unwanted u where n.id = u.notification_id and n.created_at = u.created_at
        """, new { bot });

    // A message marked as interrupted whose call did end gets its real outcome, unless it was taken again in between.
    private Task<int> End(string bot, TakenMessage message, string status, string? error, string? messageId = null, bool isBlocked = false)
    {
        var now = clock.GetUtcNow();
        return Execute("""
            with chat as (
                update chats
                set next_at = @chatFreeAt,
                    -- Compared with the start of the call: a person who restarted the bot since then has not blocked it.
                    blocked_at = case when @isBlocked and started_at <= @takenAt then @takenAt else blocked_at end
                where bot = @bot and telegram_id = @telegramId
            ), done as (
                delete from queue where notification_id = @id and sending_since = @takenAt
            )
            update notifications set status = @status, error = @error, message_id = @messageId, sent_at = case @status when 'sent' then @now end
            where id = @id and created_at = @createdAt and attempts = @attempt and status in ('sending', 'uncertain')
            """, new
        {
            bot,
            telegramId = message.TelegramId.Value,
            chatFreeAt = now + _options.ChatPause,
            isBlocked,
            takenAt = message.TakenAt,
            id = message.Id.Value,
            createdAt = message.CreatedAt,
            attempt = message.Attempt,
            status,
            error,
            messageId,
            now,
        });
    }

    private Task<int> PutBack(string bot, TakenMessage message, string error, DateTimeOffset notBefore) => Execute("""
        with chat as (
            update chats set next_at = @chatFreeAt where bot = @bot and telegram_id = @telegramId
        ), waits as (
            update queue set sending_since = null, not_before = @notBefore where notification_id = @id and sending_since = @takenAt
            returning notification_id
        )
        update notifications n set status = 'queued', error = @error, not_before = @notBefore
        from waits where n.id = waits.notification_id and n.created_at = @createdAt
        """, new
    {
        bot,
        telegramId = message.TelegramId.Value,
        chatFreeAt = clock.GetUtcNow() + _options.ChatPause,
        notBefore,
        id = message.Id.Value,
        createdAt = message.CreatedAt,
        takenAt = message.TakenAt,
        error,
    });

    // Telegram does not say whether a 429 is the chat's limit or the bot's. One refused chat waits as long as Telegram asks. If a second chat
    // is refused within that time, the whole bot waits too, but not for long: two chats must not silence a bot.
    private Task<int> PutBackRefused(string bot, TakenMessage message, Outcome.TooMany refusal, DateTimeOffset now) => Execute("""
        with chat as (
            update chats set next_at = greatest(next_at, @notBefore) where bot = @bot and telegram_id = @telegramId
        ), slower as (
            update senders
            set next_at = case when refused_chat <> @telegramId and refused_until > @now then greatest(next_at, @botWaitsUntil) else next_at end,
                slow_until = greatest(slow_until, @slowUntil), refused_chat = @telegramId, refused_until = @notBefore
            where bot = @bot
        ), waits as (
            update queue set sending_since = null, not_before = @notBefore where notification_id = @id and sending_since = @takenAt
            returning notification_id
        )
        update notifications n set status = 'queued', error = @error, not_before = @notBefore
        from waits where n.id = waits.notification_id and n.created_at = @createdAt
        """, new
    {
        bot,
        telegramId = message.TelegramId.Value,
        now,
        notBefore = now + refusal.RetryAfter,
        botWaitsUntil = now + TimeSpan.FromTicks(Math.Min(refusal.RetryAfter.Ticks, LongestBotPause.Ticks)),
        slowUntil = now + refusal.RetryAfter + _options.SlowFor,
        id = message.Id.Value,
        createdAt = message.CreatedAt,
        takenAt = message.TakenAt,
        error = refusal.Error,
    });

    private static TimeSpan Pause(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(attempt, 10) - 1)));

    private async Task<int> Execute(string sql, object parameters)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, parameters);
    }
}
