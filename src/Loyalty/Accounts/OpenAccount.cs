using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Messaging;

namespace Platform.Loyalty.Accounts;

/// <summary>Every person who registers has a loyalty account from then on, at the lowest level and with no points.</summary>
internal sealed class OpenAccount(LoyaltyDb db, TimeProvider clock) : IHandle<UserRegistered>
{
    public async Task Handle(UserRegistered happened, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into accounts (user_id, level, level_since, opened_at)
            select {happened.UserId.Value}, key, {happened.RegisteredAt}, {clock.GetUtcNow()} from levels order by rank limit 1
            on conflict (user_id) do nothing
            """, ct);
    }
}
