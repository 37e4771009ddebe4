using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Messaging;

namespace Platform.Billing.Accounts;

/// <summary>A call that comes before the news of the registration waits for the account for a little while.</summary>
internal sealed class AccountOpening(BillingDb db, IOptions<BillingOptions> options)
{
    /// <returns>Whether the account is there; false after <see cref="BillingOptions.AccountOpeningWait"/>.</returns>
    public Task<bool> Wait(UserId userId, CancellationToken ct) => LateNews.WaitFor(
        db, ct => db.Balances.AnyAsync(account => account.UserId == userId, ct), options.Value.AccountOpeningWait, ct);
}
