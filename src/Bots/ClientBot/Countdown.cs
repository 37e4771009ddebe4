using Microsoft.EntityFrameworkCore;
using Platform.Bots.Storage;
using Platform.Contracts;

namespace Platform.Bots.ClientBot;

/// <summary>The countdown under a shown payment code. It survives a restart.</summary>
internal sealed class Countdown
{
    public required TelegramId TelegramId { get; init; }

    public required long MessageId { get; init; }

    public required string Code { get; init; }

    public required string Language { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset NextAt { get; init; }

    /// <summary>Saved at once, not with the chat: the clock may delete the previous countdown of this chat at any moment.</summary>
    public Task Start(BotsDb db, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into countdowns (telegram_id, message_id, code, language, expires_at, next_at)
        values ({TelegramId.Value}, {MessageId}, {Code}, {Language}, {ExpiresAt}, {NextAt})
        on conflict (telegram_id) do update set
            message_id = excluded.message_id, code = excluded.code, language = excluded.language, expires_at = excluded.expires_at, next_at = excluded.next_at
        """, ct);
}
