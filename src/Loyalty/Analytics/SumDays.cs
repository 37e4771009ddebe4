using Dapper;
using Npgsql;
using Platform.Database.Jobs;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Analytics;

/// <summary>
/// Keeps <c>day_totals</c> up to date, so that a summary reads a row for each day and the orders of the last minutes. Whatever is too new to be
/// summed is read from its own rows, so a job that stands still costs time and changes no figure.
/// </summary>
internal sealed class SumDays(NpgsqlDataSource database, BusinessClock wall) : IJob
{
    /// <summary>Orders per transaction.</summary>
    private const long BatchSize = 200_000;

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var command = new CommandDefinition(
            "select sum_new_days(@timeZone, @batch)", new { timeZone = wall.TimeZone, batch = BatchSize }, cancellationToken: ct);
        while (await connection.ExecuteScalarAsync<bool>(command))
        {
        }
    }
}
