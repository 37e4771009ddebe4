using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.Billing.Accounts;

/// <summary>
/// Opens a balance for each newly registered person. Start credits require a verified phone that no one registered with before; a
/// person who verifies theirs later gets them then.
/// </summary>
internal sealed class OpenAccount(BillingDb db, IOptions<BillingOptions> options, TimeProvider clock)
    : IEventHandler<UserRegistered>, IEventHandler<UserUpdated>
{
    public Task Handle(UserRegistered happened, CancellationToken ct) => Open(happened.UserId, happened.PhoneVerified, happened.PhoneSeenBefore, ct);

    // May arrive before the registration: the first event opens the account, and the credits are granted once.
    public Task Handle(UserUpdated happened, CancellationToken ct) => Open(happened.UserId, happened.PhoneVerified, happened.PhoneSeenBefore, ct);

    private Task<int> Open(UserId userId, bool phoneVerified, bool phoneSeenBefore, CancellationToken ct)
    {
        var credits = phoneVerified && !phoneSeenBefore ? options.Value.StartCredits : Money.Zero;
        return db.Database.ExecuteSqlAsync($"select open_account({userId.Value}, {credits.Roubles}, {clock.GetUtcNow()})", ct);
    }
}
