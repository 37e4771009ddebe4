using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.Billing.Accounts;

/// <summary>Of a person who had himself erased the amounts stay, since the ledger must add up, and nothing that names him.</summary>
internal sealed class EraseAccount(BillingDb db) : IHandle<UserErased>
{
    public Task Handle(UserErased happened, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select erase_account({happened.UserId.Value}, {happened.ErasedAt.ToUniversalTime()})", ct);
}
