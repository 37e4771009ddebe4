using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Bots.Conversations;

/// <summary>
/// Forgets that updates were handled, long after Telegram could send them again, and what people sent that nobody is going to handle any
/// more: a contact or a code may be in it.
/// </summary>
internal sealed class ForgetOldUpdates(NpgsqlDataSource database, Quarantine quarantine, TimeProvider clock) : IJob
{
    /// <summary>How long somebody may come back to the button "try again".</summary>
    private static readonly TimeSpan KeepFailed = TimeSpan.FromDays(1);

    public async Task Run(CancellationToken ct)
    {
        await using var command = database.CreateCommand("delete from updates where handled_at < $1");
        command.Parameters.AddWithValue(clock.GetUtcNow() - UpdateInbox.KeepHandled);
        await command.ExecuteNonQueryAsync(ct);

        await using var failed = database.CreateCommand("update chats set failed_update = null where failed_update is not null and updated_at < $1");
        failed.Parameters.AddWithValue(clock.GetUtcNow() - KeepFailed);
        await failed.ExecuteNonQueryAsync(ct);

        await quarantine.ForgetOld(ct);
    }
}
