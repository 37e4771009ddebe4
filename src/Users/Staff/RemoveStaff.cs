using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.Staff;

/// <summary>Removes a member of the staff: their staff tokens are refused at once. Past orders and the audit keep their name.</summary>
internal static class RemoveStaff
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(RemoveStaff))
        .WithSummary("Ends the staff rights of a Telegram user")
        .Refuses(UsersErrors.StaffNotFound);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        TelegramId telegramId, Caller caller, UsersDb db, Outbox outbox, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Join(ct);
        if (await db.LockStaff(telegramId, ct) is not { } member)
        {
            return Problems.For(UsersErrors.StaffNotFound);
        }

        member.Remove(now);
        audit.Write(db, caller, "staff.remove", $"staff:{member.Id}", new { telegramId });
        // Their sign-ins through a bot go on with fewer rights, which are looked up at each refresh.
        await TokenFamily.RevokeAll(member.Id, Revocation.StaffRemoved, db, now, ct);
        await RevokedUsers.RevokeStaff(db, member.Id, member.Version, ct);
        outbox.Add(new StaffTokensRevoked { StaffId = member.Id, Version = member.Version });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        return TypedResults.NoContent();
    }
}
