using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;
using Platform.Contracts;

namespace Platform.Billing.Accounts;

/// <summary>
/// Bridges the moment between a registration and its event: a call that comes first waits for the account for a little
/// while instead of telling the person that he has none.
/// </summary>
internal sealed class AccountOpening(BillingDb db, IOptions<BillingOptions> options)
{
    // Another replica may be the one that opens it, so only the database knows.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <returns>Whether the account is there; false after <see cref="BillingOptions.AccountOpeningWait"/>.</returns>
    public async Task<bool> Wait(UserId userId, CancellationToken ct)
    {
        // The machine's time, not the TimeProvider's: it is a person who waits.
        using var patience = new CancellationTokenSource(options.Value.AccountOpeningWait);
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            do
            {
                if (await db.Balances.AnyAsync(account => account.UserId == userId, ct))
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
