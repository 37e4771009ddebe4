using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Consecutive wrong passwords for one login from one origin. Counted for unknown logins too, so that a lockout does not reveal which logins
/// exist, and per origin, so that it affects only the guesser.
/// </summary>
internal sealed class LoginFailures
{
    public const int Allowed = 5;

    public static readonly TimeSpan LockoutDuration = TimeSpan.FromMinutes(5);

    /// <summary>SHA-256 of the normalized login and the origin, so that a password typed into the wrong field is not stored.</summary>
    public required byte[] LoginHash { get; init; }

    public int Failed { get; private set; }

    public DateTimeOffset? LockedUntil { get; private set; }

    public required DateTimeOffset LastAt { get; set; }

    /// <summary>
    /// Locks the row of login and origin until the transaction ends, creating it if needed: guessing on many connections still gives five
    /// tries.
    /// </summary>
    /// <param name="login">Normalized.</param>
    /// <param name="origin">A network, or a device that signed in before.</param>
    public static async Task<LoginFailures> Lock(string login, string origin, UsersDb db, DateTimeOffset now, CancellationToken ct)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{origin}\n{login}"));
        var locked = await db.LoginFailures
            .FromSql(
                $"""
                insert into login_failures (login_hash, failed, last_at) values ({hash}, 0, {now})
                on conflict (login_hash) do update set last_at = excluded.last_at
                returning login_hash, failed, locked_until, last_at
                """)
            .ToListAsync(ct);
        return locked.Single();
    }

    /// <returns>How long the login stays locked out; null when it is not.</returns>
    public TimeSpan? RemainingLockout(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    public void Add(DateTimeOffset now)
    {
        if (LockedUntil is not null)
        {
            (Failed, LockedUntil) = (0, null);
        }

        Failed++;
        LockedUntil = Failed >= Allowed ? now + LockoutDuration : null;
    }
}
