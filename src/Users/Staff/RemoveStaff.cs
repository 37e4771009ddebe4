using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.Staff;

/// <summary>Whoever is removed is a guest like any other from his next token on; what he did stays in his name.</summary>
internal static class RemoveStaff
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(RemoveStaff))
        .WithSummary("Ends the staff rights of a Telegram user")
        .Refuses(UsersErrors.StaffNotFound);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        TelegramId telegramId, Caller caller, UsersDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Join(ct);
        var removed = await db.Database.SqlQuery<long>(
            $"update staff set removed_at = {now} where telegram_id = {telegramId.Value} and removed_at is null returning id").ToListAsync(ct);
        if (removed is not [var id])
        {
            return Problems.For(UsersErrors.StaffNotFound);
        }

        audit.Write(db, caller, "staff.remove", $"staff:{id}", new { telegramId });
        // What a bot signed in for him goes on with less: his rights are asked anew at each refresh.
        await TokenFamily.RevokeAllOf(new StaffId(id), Revocation.StaffRemoved, db, now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        return TypedResults.NoContent();
    }
}
