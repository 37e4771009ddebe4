using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Users.SignIn;

/// <summary>
/// Removes sign-ins whose every token has expired, used tokens that would be refused as expired anyway, and of long ago wrong passwords,
/// codes and what Mini Apps were opened with.
/// </summary>
internal sealed class ForgetOldSignIns(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    /// <summary>Also of what is good for minutes: the clocks of replicas may differ.</summary>
    public static readonly TimeSpan FailuresKeptFor = TimeSpan.FromDays(1);

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        Add(batch, "delete from refresh_tokens where expires_at < $1", now);
        Add(
            batch,
            "delete from token_families family where created_at < $1 and not exists (select from refresh_tokens where family_id = family.id)",
            now - RefreshToken.Lifetime);
        Add(batch, "delete from login_failures where last_at < $1", now - FailuresKeptFor);
        Add(batch, "delete from mailed_codes where expires_at < $1", now - FailuresKeptFor);
        Add(batch, "delete from used_init_data where signed_at < $1", now - FailuresKeptFor);
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static void Add(NpgsqlBatch batch, string sql, DateTimeOffset before)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue(before);
        batch.BatchCommands.Add(command);
    }
}
