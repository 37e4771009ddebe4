using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Platform.Loyalty.Accounts;

internal static class GuestsWithPointsExpiring
{
    /// <summary>Guests with points that expire after <paramref name="from"/> and no later than <paramref name="until"/>, batch by batch.</summary>
    public static async IAsyncEnumerable<long> Read(
        NpgsqlConnection connection, DateTimeOffset? from, DateTimeOffset until, int batchSize, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = 0L;
        while (true)
        {
            var batch = (await connection.QueryAsync<long>(new CommandDefinition(
                "select guests_with_points_expiring(@from, @until, @last, @batchSize)", new { from, until, last, batchSize }, cancellationToken: ct))).AsList();
            foreach (var guest in batch)
            {
                yield return guest;
            }

            if (batch.Count < batchSize)
            {
                yield break;
            }

            last = batch[^1];
        }
    }
}
