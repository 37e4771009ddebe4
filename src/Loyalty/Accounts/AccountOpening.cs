using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Accounts;

/// <summary>Lets a call that arrives before the registration event wait for the account to be opened.</summary>
internal sealed class AccountOpening(LoyaltyDb db, IOptions<LoyaltyOptions> options)
{
    /// <returns>Whether the account exists; false after <see cref="LoyaltyOptions.AccountOpeningWait"/>.</returns>
    public Task<bool> Wait(UserId userId, CancellationToken ct) => EventArrival.WaitFor(
        db, ct => db.Accounts.AnyAsync(account => account.UserId == userId, ct), options.Value.AccountOpeningWait, ct);
}
