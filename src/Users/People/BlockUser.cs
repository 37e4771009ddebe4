using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Revokes all tokens of a person: refresh tokens at once, access tokens as soon as each service has received the event.</summary>
internal static class BlockUser
{
    /// <param name="Reason">Stored in the audit, never shown to the person.</param>
    public sealed record Request([Required, StringLength(500), PlainText] string Reason);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(BlockUser))
        .WithSummary("Blocks a person: all their tokens are refused")
        .WithExample(new Request("Pays with stolen cards"), response: null)
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
        if (user.Block(now))
        {
            outbox.Add(new UserBlocked { UserId = id, BlockedAt = now, Version = user.Version });
            audit.Write(db, caller, "user.block", $"user:{id}", new { reason = request.Reason.Trim() });
            await TokenFamily.RevokeAll(user, db, now, ct);
            await RevokedUsers.Revoke(db, id, now, user.Version, ct);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
