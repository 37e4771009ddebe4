using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.Billing.Accounts;

/// <summary>Deletes everything that names an erased person. Amounts stay, so that the ledger adds up.</summary>
internal sealed class EraseAccount(BillingDb db) : IEventHandler<UserErased>
{
    public Task Handle(UserErased happened, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select erase_account({happened.UserId.Value}, {happened.ErasedAt.ToUniversalTime()})", ct);
}
