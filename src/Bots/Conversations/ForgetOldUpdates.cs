using Npgsql;
using Platform.ServiceDefaults.Jobs;

namespace Platform.Bots.Conversations;

/// <summary>Forgets that updates were handled, long after Telegram could send them again.</summary>
internal sealed class ForgetOldUpdates(NpgsqlDataSource database, TimeProvider clock) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        await using var command = database.CreateCommand("delete from updates where handled_at < $1");
        command.Parameters.AddWithValue(clock.GetUtcNow() - UpdateInbox.KeepHandled);
        await command.ExecuteNonQueryAsync(ct);
    }
}
