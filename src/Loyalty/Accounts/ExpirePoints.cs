using System.Diagnostics;
using Dapper;
using Npgsql;
using Platform.Database.Jobs;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

/// <summary>Takes points that nobody used for too long: one entry for each guest, by <c>expire_points.sql</c>.</summary>
internal sealed class ExpirePoints(NpgsqlDataSource database, OutboxSignal outbox, TimeProvider clock) : IJob
{
    private const int BatchSize = 500;

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await foreach (var guest in GuestsWithPointsExpiring.Read(connection, from: null, until: now, BatchSize, ct))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "select expire_points(@guest, @now, @eventId, @traceparent)",
                new { guest, now, eventId = Guid.CreateVersion7(now), traceparent = Activity.Current?.Id },
                cancellationToken: ct));
            outbox.Committed();
        }
    }
}
