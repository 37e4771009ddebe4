using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.Billing.Accounts;

/// <summary>
/// Every person who registers has a balance from then on. Start credits are for verified people, and for one of those who share a
/// phone: who is not verified starts with 0.00 and gets them with the first news that he is.
/// </summary>
internal sealed class OpenAccount(BillingDb db, IOptions<BillingOptions> options, TimeProvider clock) : IHandle<UserRegistered>, IHandle<UserUpdated>
{
    public Task Handle(UserRegistered happened, CancellationToken ct) => Open(happened.UserId, happened.PhoneVerified, happened.PhoneSeenBefore, ct);

    // It may come before the news of his registration: whichever is first opens the account, and the credits are given once.
    public Task Handle(UserUpdated happened, CancellationToken ct) => Open(happened.UserId, happened.PhoneVerified, happened.PhoneSeenBefore, ct);

    private Task<int> Open(UserId userId, bool phoneVerified, bool phoneSeenBefore, CancellationToken ct)
    {
        var credits = phoneVerified && !phoneSeenBefore ? options.Value.StartCredits : Money.Zero;
        return db.Database.ExecuteSqlAsync($"select open_account({userId.Value}, {credits.Roubles}, {clock.GetUtcNow()})", ct);
    }
}
