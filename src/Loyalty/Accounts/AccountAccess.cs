using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Accounts;

internal static class AccountAccess
{
    /// <summary>Whether there is such an account and the caller may see it: the guest themselves, or staff.</summary>
    public static async Task<bool> MayRead(LoyaltyDb db, Caller caller, UserId userId, CancellationToken ct) =>
        (caller.UserId == userId || caller.Role >= Role.Staff) && await db.Accounts.AnyAsync(account => account.UserId == userId, ct);
}
