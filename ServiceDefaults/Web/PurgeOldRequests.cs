using Npgsql;
using Platform.Database.Jobs;

namespace Platform.ServiceDefaults.Web;

/// <summary>Deletes idempotency keys older than 30 days, and expired rate limits.</summary>
internal sealed class PurgeOldRequests(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    public static readonly TimeSpan KeysAreKeptFor = TimeSpan.FromDays(30);

    public async Task Run(CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from idempotency_keys where created_at < $1")
        {
            Parameters = { new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - KeysAreKeptFor } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from rate_limits where expires_at < $1")
        {
            Parameters = { new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() } },
        });
        await batch.ExecuteNonQueryAsync(ct);
    }
}
