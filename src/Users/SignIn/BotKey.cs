using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>What a bot proves itself with. It may act for every Telegram user, in no higher role than the key is made for.</summary>
internal sealed class BotKey
{
    /// <summary>Shortest key that may be set: no one guesses 32 random characters, so a plain SHA-256 guards it well enough.</summary>
    public const int MinLength = 32;

    public long Id { get; private init; }

    /// <summary>Who acted, in tokens and in the audit.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary><see cref="Role.Client"/> or <see cref="Role.Staff"/>: no bot acts as an admin.</summary>
    public required Role HighestRole { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the key itself last changed.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; init; }

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <returns>The key's row, or null when nobody has this key.</returns>
    public static async Task<BotKey?> Find(UsersDb db, string? presented, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(presented))
        {
            return null;
        }

        // All of them are compared, each in constant time, so that the time taken says nothing about any.
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
