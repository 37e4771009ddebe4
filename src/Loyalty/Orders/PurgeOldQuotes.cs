using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Loyalty.Orders;

/// <summary>Deletes quotes a day after the last order that could still carry one.</summary>
internal sealed class PurgeOldQuotes(NpgsqlDataSource database, IOptions<LoyaltyOptions> options, TimeProvider clock) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        await using var delete = database.CreateCommand("delete from quotes where expires_at < $1");
        delete.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - options.Value.OfflineWindow - TimeSpan.FromDays(1) });
        await delete.ExecuteNonQueryAsync(ct);
    }
}
