using System.Diagnostics;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Database.Jobs;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Accounts;

/// <summary>Warns guests some days before points expire, once for each day on which the first of them would.</summary>
internal sealed class WarnOfExpiry(LoyaltyDb db, NpgsqlDataSource database, OutboxSignal outbox, BusinessClock wall, TimeProvider clock) : IJob
{
    private const int BatchSize = 500;

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var until = now.AddDays(await db.Set<LoyaltySettings>().Select(settings => settings.ExpiryWarningDays).SingleAsync(ct));
        await using var connection = await database.OpenConnectionAsync(ct);
        await foreach (var guest in GuestsWithPointsExpiring.Read(connection, from: now, until, BatchSize, ct))
        {
            var warned = await connection.QuerySingleAsync<bool>(new CommandDefinition(
                "select warn_of_expiry(@guest, @now, @until, @timeZone, @eventId, @traceparent)",
                new { guest, now, until, timeZone = wall.TimeZone, eventId = Guid.CreateVersion7(now), traceparent = Activity.Current?.Id },
                cancellationToken: ct));
            if (warned)
            {
                outbox.Committed();
            }
        }
    }
}
