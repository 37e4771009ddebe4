using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;
using Platform.Database.Jobs;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Delivery;

/// <summary>
/// The chats of people who were erased or left a Telegram account, by a digest of its id: that somebody started a bot may be heard of
/// after that, and must not bring the chat back. For as long as an event may be late; then the digest goes too.
/// </summary>
internal sealed class ForgottenChats(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    /// <summary>As long as the inbox remembers messages.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(30);

    public static async Task Forget(NotificationsDb db, TelegramId telegramId, DateTimeOffset erasedAt, CancellationToken ct)
    {
        var at = erasedAt.ToUniversalTime();
        await db.Database.ExecuteSqlAsync($"""
            insert into forgotten_chats as known (digest, erased_at) values ({DigestOf(telegramId)}, {at})
            on conflict (digest) do update set erased_at = greatest(known.erased_at, excluded.erased_at)
            """, ct);
        // A chat that he has opened since is a new person's.
        await db.Database.ExecuteSqlAsync($"delete from chats where telegram_id = {telegramId.Value} and started_at <= {at}", ct);
    }

    /// <summary>SHA-256.</summary>
    public static byte[] DigestOf(TelegramId telegramId)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, telegramId.Value);
        return SHA256.HashData(number);
    }

    public async Task Run(CancellationToken ct)
    {
        await using var command = database.CreateCommand("delete from forgotten_chats where erased_at < $1");
        command.Parameters.AddWithValue(clock.GetUtcNow() - KeepFor);
        await command.ExecuteNonQueryAsync(ct);
    }
}
