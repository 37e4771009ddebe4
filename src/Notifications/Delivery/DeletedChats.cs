using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;
using Platform.Database.Jobs;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Delivery;

/// <summary>
/// Chats of erased people and of abandoned Telegram accounts, stored as a digest of the Telegram id, so that a late
/// <c>BotStarted</c> does not bring the chat back. The job deletes digests once no event can be that late.
/// </summary>
internal sealed class DeletedChats(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    /// <summary>The same as the inbox's retention.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    public static async Task Delete(NotificationsDb db, TelegramId telegramId, DateTimeOffset erasedAt, CancellationToken ct)
    {
        var at = erasedAt.ToUniversalTime();
        await db.Database.ExecuteSqlAsync($"""
            insert into forgotten_chats as known (digest, erased_at) values ({DigestOf(telegramId)}, {at})
            on conflict (digest) do update set erased_at = greatest(known.erased_at, excluded.erased_at)
            """, ct);
        // A chat opened after that belongs to a new registration.
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
        command.Parameters.AddWithValue(clock.GetUtcNow() - Retention);
        await command.ExecuteNonQueryAsync(ct);
    }
}
