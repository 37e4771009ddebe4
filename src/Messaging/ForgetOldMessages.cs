using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Messaging;

/// <summary>Empties the inbox of what is older than any redelivery can be. Money and points are guarded by keys of their own besides.</summary>
internal sealed class ForgetOldMessages(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public async Task Run(CancellationToken ct)
    {
        await using var command = database.CreateCommand("delete from inbox where received_at < $1");
        command.Parameters.AddWithValue(clock.GetUtcNow() - KeptFor);
        await command.ExecuteNonQueryAsync(ct);
    }
}
