using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Messaging;

/// <summary>Deletes inbox rows too old for any redelivery. Money and points are also protected by unique keys.</summary>
internal sealed class PurgeOldMessages(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public async Task Run(CancellationToken ct)
    {
        await using var command = database.CreateCommand("delete from inbox where received_at < $1");
        command.Parameters.AddWithValue(clock.GetUtcNow() - KeptFor);
        await command.ExecuteNonQueryAsync(ct);
    }
}
