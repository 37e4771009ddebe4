using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Lets a blocked person sign in again. Tokens revoked by the block stay revoked.</summary>
internal static class UnblockUser
{
    /// <param name="Reason">Stored in the audit.</param>
    public sealed record Request([Required, StringLength(500), PlainText] string Reason);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(UnblockUser))
        .WithSummary("Unblocks a person, who then signs in again")
        .WithExample(new Request("It was someone else"), response: null)
        .Refuses(UsersErrors.UserNotFound);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        UserId id, Request request, Caller caller, UsersDb db, Outbox outbox, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (await db.LockUser(id, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        var now = clock.GetUtcNow();
        if (user.Unblock(now))
        {
            outbox.Add(new UserUnblocked { UserId = id, UnblockedAt = now, Version = user.Version });
            audit.Write(db, caller, "user.unblock", $"user:{id}", new { reason = request.Reason.Trim() });
            await RevokedUsers.Restore(db, id, now, user.Version, ct);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
