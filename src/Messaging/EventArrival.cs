using Microsoft.EntityFrameworkCore;

namespace Platform.Messaging;

/// <summary>Waits for another service's event, so that a call that comes before it does not answer as if nothing had happened.</summary>
public static class EventArrival
{
    // Polls the database, since another replica may be the one that handles the event.
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(50);

    /// <param name="db">Must not be in a transaction: waiting calls that each hold a connection would leave none for the event's consumer.</param>
    /// <param name="hasArrived">Checks the database for the event's effect.</param>
    /// <param name="timeout">In system time, not the <see cref="TimeProvider"/>'s.</param>
    /// <returns>Whether the event arrived in time.</returns>
    public static async Task<bool> WaitFor(DbContext db, Func<CancellationToken, Task<bool>> hasArrived, TimeSpan timeout, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            throw new InvalidOperationException("Wait for events outside a transaction, which would hold a connection.");
        }

        using var deadline = new CancellationTokenSource(timeout);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var timer = new PeriodicTimer(CheckEvery);
        try
        {
            do
            {
                if (await hasArrived(ct))
                {
                    return true;
                }
            }
            while (await timer.WaitForNextTickAsync(waiting.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Timed out.
        }

        return false;
    }
}
