using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>
/// An address becomes the caller's, once he has shown by the code of a mail that it is. He can sign in by it from then on, and get
/// his account back should he lose his Telegram; by the one before he can no more.
/// </summary>
internal static class ChangeMyEmail
{
    /// <param name="Code">The one that <c>POST /api/auth/email</c> has sent there.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [Required, RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string Code);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(ChangeMyEmail))
        .WithSummary("Makes an e-mail address the caller's own, by the code that was sent there")
        .WithExample(new Request("anna@example.com", "493027"), Profile.Example)
        .Refuses(UsersErrors.CodeWrong, UsersErrors.CodeExpired, UsersErrors.EmailTaken, UsersErrors.UserNotFound);

    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, UsersDb db, Announcements announcements, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var (email, now) = (EmailAddress.Of(request.Email), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (caller.UserId is not { } id || await db.LockUser(id, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        if (await EmailCode.Use(email, request.Code, db, now, ct) is { } refusal)
        {
            await transaction.CommitAsync(ct);
            return Problems.For(refusal);
        }

        await db.LockRegistration(email, ct);
        if (await db.UsersWith(email).AnyAsync(other => other.Id != id, ct))
        {
            // The code is used up all the same.
            await transaction.CommitAsync(ct);
            return Problems.For(UsersErrors.EmailTaken);
        }

        var before = user.Email is { } known ? EmailAddress.Of(known) : (EmailAddress?)null;
        if (user.ChangeEmail(email, now))
        {
            audit.Write(db, caller, "user.change_email", $"user:{id}");
            await announcements.Updated(user, ct);
            if (before is { } old)
            {
                await TokenFamily.DeleteAllOf(null, old, db, ct);
                await EmailCode.Forget(old, db, ct);
                await ErasedUsers.ForgetCalls(db, [old.Subject], ct);
            }
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Profile.Of(user, now));
    }
}
