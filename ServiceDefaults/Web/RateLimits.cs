using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;

namespace Platform.ServiceDefaults.Web;

/// <summary>Limits against guessing and abuse. They are exact across replicas, since a database row counts.</summary>
/// <remarks>
/// The window slides: no window, wherever it starts, holds more calls than permitted. The count is committed separately, so a
/// handler's rollback does not undo it. Rows name callers by a hash or a staff id only, and outlive an erasure by a day at most, so erasing an
/// account does not reset its limits.
/// </remarks>
public sealed class RateLimits(NpgsqlDataSource database, TimeProvider clock)
{
    /// <remarks>
    /// A row holds the times of the last permitted calls, at most as many as the limit permits. <c>granted</c> is the result of
    /// the last call. There is no index on <c>expires_at</c>, since every call would have to update it.
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

    /// <param name="limit">The limit's name, such as <c>registration</c>.</param>
    /// <param name="subject">A <see cref="Caller.Subject"/> or an address.</param>
    /// <param name="refusal">The error when no permit is left; <see cref="PlatformErrors.RateLimited"/> by default.</param>
    /// <returns>Null when a permit was left, else the refusal with <c>Retry-After</c>: when the next permit is free.</returns>
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
        // Instants, not an interval: an interval of a day follows the session's time zone and may have 23 hours.
        command.Parameters.AddWithValue(now + window);
        command.Parameters.AddWithValue(permits);
        command.Parameters.AddWithValue(now - window);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return row.GetBoolean(0)
            ? null
            : Problems.For(refusal ?? PlatformErrors.RateLimited, retryAfter: row.GetFieldValue<DateTimeOffset>(1) + window - now);
    }

    /// <summary>Returns a permit. For limits on failures: take one before checking, so that parallel guesses count, and return it on success.</summary>
    public async Task GiveBack(string limit, string subject, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            update rate_limits set taken_at = trim_array(taken_at, 1) where limit_name = $1 and subject = $2 and cardinality(taken_at) > 0
            """);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(KeyOf(subject));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A subject's key in the table: half of its SHA-256, enough to rule out collisions.</summary>
    internal static string KeyOf(string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 16));
}
