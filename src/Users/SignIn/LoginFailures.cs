using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Wrong passwords in a row for one login from one place, whether anybody has this login or not: a lock-out must not tell which exist,
/// and must not reach anybody but whoever guesses.
/// </summary>
internal sealed class LoginFailures
{
    public const int Allowed = 5;

    public static readonly TimeSpan LockedOutFor = TimeSpan.FromMinutes(5);

    /// <summary>SHA-256 of the normalized login and of where the tries come from: what people type into the wrong field is not kept.</summary>
    public required byte[] LoginHash { get; init; }

    public int Failed { get; private set; }

    public DateTimeOffset? LockedUntil { get; private set; }

    public required DateTimeOffset LastAt { get; set; }

    /// <summary>
    /// Locks the row of login and origin, making it if need be, until the transaction ends: whoever guesses on many connections at once
    /// waits in turn, and has five guesses like anybody.
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

    /// <returns>How long the login is still locked out; null when it is not.</returns>
    public TimeSpan? LockedFor(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    public void Count(DateTimeOffset now)
    {
        if (LockedUntil is not null)
        {
            (Failed, LockedUntil) = (0, null);
        }

        Failed++;
        LockedUntil = Failed >= Allowed ? now + LockedOutFor : null;
    }
}
