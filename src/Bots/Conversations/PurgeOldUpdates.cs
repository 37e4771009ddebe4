using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Bots.Conversations;

/// <summary>Deletes handled updates, once Telegram cannot repeat them, and old updates that failed: they may contain personal data.</summary>
internal sealed class PurgeOldUpdates(NpgsqlDataSource database, Quarantine quarantine, TimeProvider clock) : IJob
{
    /// <summary>How long the button "try again" works.</summary>
    private static readonly TimeSpan FailedRetention = TimeSpan.FromDays(1);

    public async Task Run(CancellationToken ct)
    {
        await using var handled = database.CreateCommand("delete from updates where handled_at < $1");
        handled.Parameters.AddWithValue(clock.GetUtcNow() - UpdateInbox.HandledRetention);
        await handled.ExecuteNonQueryAsync(ct);

        await using var failed = database.CreateCommand("update chats set failed_update = null where failed_update is not null and updated_at < $1");
        failed.Parameters.AddWithValue(clock.GetUtcNow() - FailedRetention);
        await failed.ExecuteNonQueryAsync(ct);

        await quarantine.PurgeOld(ct);
    }
}
