using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Users.SignIn;

/// <summary>
/// Deletes sign-ins whose tokens have all expired, expired tokens, and old failed logins, e-mail codes and used initData.
/// </summary>
internal sealed class PurgeExpiredSignIns(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    /// <summary>Far longer than the minutes that these are valid, since clocks of replicas may differ.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        Add(batch, "delete from refresh_tokens where expires_at < $1", now);
        Add(
            batch,
            "delete from token_families family where created_at < $1 and not exists (select from refresh_tokens where family_id = family.id)",
            now - RefreshToken.Lifetime);
        Add(batch, "delete from login_failures where last_at < $1", now - Retention);
        Add(batch, "delete from mailed_codes where expires_at < $1", now - Retention);
        Add(batch, "delete from used_init_data where signed_at < $1", now - Retention);
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
