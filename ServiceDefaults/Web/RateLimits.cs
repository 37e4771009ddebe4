using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;

namespace Platform.ServiceDefaults.Web;

/// <summary>Limits that guard secrets and against abuse: exact over all replicas, since one row in the database counts.</summary>
/// <remarks>
/// A limit slides: no window of its length, wherever it begins, holds more than the permits. The count is committed at
/// once and by itself, so a handler's rollback takes nothing back. Rows name nobody and outlive an erasure, for a day at most:
/// whoever erases their account and comes back has no fresh set of tries.
/// </remarks>
public sealed class RateLimits(NpgsqlDataSource database, TimeProvider clock)
{
    /// <remarks>
    /// A row holds the moments of the last calls let through, at most as many as the limit permits.
    /// <c>granted</c> is what the last call was told. No index on <c>expires_at</c>: it would make every call write to it.
    /// </remarks>
    public const string Sql = """
        create table rate_limits (
            limit_name text not null,
            subject text not null,
            taken_at timestamptz[] not null,
            granted boolean not null,
            expires_at timestamptz not null,
            primary key (limit_name, subject)
        ) with (fillfactor = 70);
        """;

    public const string DropSql = "drop table rate_limits;";

    /// <summary>Takes one permit.</summary>
    /// <param name="limit">Name of the limit, such as <c>registration</c>.</param>
    /// <param name="subject">Whom it counts: <see cref="Caller.Subject"/>, or an address.</param>
    /// <param name="refusal">What to answer when none is left; <see cref="PlatformErrors.RateLimited"/> unless told otherwise.</param>
    /// <returns>Null when one was left, else the refusal, with <c>Retry-After</c> for the moment at which one is free again.</returns>
    public async Task<ProblemHttpResult?> Take(
        string limit, string subject, int permits, TimeSpan window, CancellationToken ct, ErrorCode? refusal = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand("""
            insert into rate_limits as known (limit_name, subject, taken_at, granted, expires_at)
            values ($1, $2, array[$3], true, $4)
            on conflict (limit_name, subject) do update
            set (taken_at, granted, expires_at) = (
                select case when count(*) < $5 then array_append(array_agg(t order by t), $3) else array_agg(t order by t) end,
                       count(*) < $5,
                       greatest(known.expires_at, $4)
                from unnest(known.taken_at) as t
                where t > $6)
            returning granted, taken_at[1]
            """);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(KeyOf(subject));
        command.Parameters.AddWithValue(now);
        // Moments, not an interval: a day of that is one of the session's time zone, which may have 23 hours.
        command.Parameters.AddWithValue(now + window);
        command.Parameters.AddWithValue(permits);
        command.Parameters.AddWithValue(now - window);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return row.GetBoolean(0)
            ? null
            : Problems.For(refusal ?? PlatformErrors.RateLimited, retryAfter: row.GetFieldValue<DateTimeOffset>(1) + window - now);
    }

    /// <summary>
    /// Gives a permit back. For limits on failures, such as wrong passwords: take before looking, so that parallel guesses
    /// count, and give back after a right one.
    /// </summary>
    public async Task GiveBack(string limit, string subject, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            update rate_limits set taken_at = trim_array(taken_at, 1) where limit_name = $1 and subject = $2 and cardinality(taken_at) > 0
            """);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(KeyOf(subject));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What stands for a subject in the table: half of its SHA-256, so that no two are the same.</summary>
    internal static string KeyOf(string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 16));
}
