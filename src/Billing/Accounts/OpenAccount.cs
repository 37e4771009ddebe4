using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Messaging;

namespace Platform.Billing.Accounts;

/// <summary>
/// Every person who registers has a balance from then on. Start credits are for verified people, and for one of those who share a
/// phone: who is not verified starts with 0.00 and gets them with the first news that he is.
/// </summary>
internal sealed class OpenAccount(BillingDb db, IOptions<BillingOptions> options, TimeProvider clock) : IHandle<UserRegistered>
{
    public Task Handle(UserRegistered happened, CancellationToken ct)
    {
        var credits = happened is { PhoneVerified: true, PhoneSeenBefore: false } ? options.Value.StartCredits : Money.Zero;
        return db.Database.ExecuteSqlAsync($"select open_account({happened.UserId.Value}, {credits.Roubles}, {clock.GetUtcNow()})", ct);
    }
}
