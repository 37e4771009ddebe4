using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Messaging;

namespace Platform.Billing.Accounts;

/// <summary>Lets a call that arrives before the registration event wait for the account to be opened.</summary>
internal sealed class AccountOpening(BillingDb db, IOptions<BillingOptions> options)
{
    /// <returns>Whether the account exists; false after <see cref="BillingOptions.AccountOpeningWait"/>.</returns>
    public Task<bool> Wait(UserId userId, CancellationToken ct) => EventArrival.WaitFor(
        db, ct => db.Balances.AnyAsync(account => account.UserId == userId, ct), options.Value.AccountOpeningWait, ct);
}
