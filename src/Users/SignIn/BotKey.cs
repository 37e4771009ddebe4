using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>The key that a bot authenticates with. A bot may act for any Telegram user, in no higher role than its key allows.</summary>
internal sealed class BotKey
{
    /// <summary>Minimum length: 32 random characters cannot be guessed, so plain SHA-256 is enough to store them.</summary>
    public const int MinLength = 32;

    public long Id { get; private init; }

    /// <summary>The bot's name in tokens and in the audit.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary><see cref="Role.Client"/> or <see cref="Role.Staff"/>: no bot acts as an admin.</summary>
    public required Role HighestRole { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the key last changed.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; init; }

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <returns>Null when the key is unknown.</returns>
    public static async Task<BotKey?> Find(UsersDb db, string? presented, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(presented))
        {
            return null;
        }

        // Compares all keys, each in constant time, so that timing reveals nothing.
        var hash = Hash(presented);
        BotKey? found = null;
        foreach (var key in await db.BotKeys.AsNoTracking().Where(key => key.RevokedAt == null).ToListAsync(ct))
        {
            if (CryptographicOperations.FixedTimeEquals(key.KeyHash, hash))
            {
                found = key;
            }
        }

        return found;
    }
}
