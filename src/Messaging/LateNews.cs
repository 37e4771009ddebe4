using Microsoft.EntityFrameworkCore;

namespace Platform.Messaging;

/// <summary>
/// Bridges the moment between what has happened in one service and its event's arrival in another: a call that comes first waits for
/// a little while, instead of telling the person that there is nothing of his.
/// </summary>
public static class LateNews
{
    // Another replica may be the one that hears of it, so only the database knows.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <param name="db">
    /// What <paramref name="hasCome"/> looks into. It must hold no transaction: a transaction holds a connection, and enough people who wait
    /// would leave none for the consumer that they wait for.
    /// </param>
    /// <param name="hasCome">Looks into the database.</param>
    /// <param name="patience">Of the person who waits: the machine's time, not the <see cref="TimeProvider"/>'s.</param>
    /// <returns>Whether it has come; false when patience has run out.</returns>
    public static async Task<bool> WaitFor(DbContext db, Func<CancellationToken, Task<bool>> hasCome, TimeSpan patience, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            throw new InvalidOperationException("Wait for late news outside a transaction: it would hold a connection meanwhile.");
        }

        using var patient = new CancellationTokenSource(patience);
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(ct, patient.Token);
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            do
            {
                if (await hasCome(ct))
                {
                    return true;
                }
            }
            while (await timer.WaitForNextTickAsync(looking.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Patience has run out, and that is the answer.
        }

        return false;
    }
}
