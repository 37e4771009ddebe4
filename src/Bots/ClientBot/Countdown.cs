using Microsoft.EntityFrameworkCore;
using Platform.Bots.Storage;
using Platform.Contracts;

namespace Platform.Bots.ClientBot;

/// <summary>A shown code whose seconds are counted down in its message. It outlives a restart.</summary>
internal sealed class Countdown
{
    public required TelegramId TelegramId { get; init; }

    public required long MessageId { get; init; }

    public required string Code { get; init; }

    public required string Language { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the message is due to be changed next.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>Written at once, and not when the update is saved: the clock may end the countdown before at any moment, and this one goes on all the same.</summary>
    public Task Start(BotsDb db, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into countdowns (telegram_id, message_id, code, language, expires_at, next_at)
        values ({TelegramId.Value}, {MessageId}, {Code}, {Language}, {ExpiresAt}, {NextAt})
        on conflict (telegram_id) do update set
            message_id = excluded.message_id, code = excluded.code, language = excluded.language, expires_at = excluded.expires_at, next_at = excluded.next_at
        """, ct);
}
