using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Sets the caller's e-mail address, proven by a code. They can sign in and recover their account with it; the previous one no longer works.</summary>
internal static class ChangeMyEmail
{
    /// <param name="Code">The code that <c>POST /api/auth/email</c> sent to this address.</param>
    /// <param name="RequestId">From the response of that call; not needed when it was made with the caller's own token.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [Required, RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string Code,
        [StringLength(EmailCode.MaxRequestIdLength)] string? RequestId = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(ChangeMyEmail))
        .WithSummary("Sets the caller's e-mail address, proven by a code sent to it")
        .WithExample(new Request("anna@example.com", "493027", SendEmailCode.Example.RequestId), Profile.Example)
        .Refuses(UsersErrors.CodeWrong, UsersErrors.CodeExpired, UsersErrors.EmailTaken, UsersErrors.UserNotFound, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, UsersDb db, Outbox outbox, UserUpdates updates, Audit audit, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (await SendEmailCode.CountAttempt(caller, http, limits, options.Value, ct) is { } tooMany)
        {
            return tooMany;
        }

        var email = EmailAddress.From(request.Email);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (caller.UserId is not { } id || await db.LockUser(id, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        var now = clock.GetUtcNow();
        if (await EmailCode.Use(email, request.Code, request.RequestId, caller, db, now, ct) is { } refusal)
        {
            await transaction.CommitAsync(ct);
            return Problems.For(refusal);
        }

        await db.LockRegistration(email, ct);
        if (await db.UsersWith(email).AnyAsync(other => other.Id != id, ct))
        {
            // The code stays used up.
            await transaction.CommitAsync(ct);
            return Problems.For(UsersErrors.EmailTaken);
        }

        var before = user.Email is { } known ? EmailAddress.From(known) : (EmailAddress?)null;
        if (user.ChangeEmail(email, now))
        {
            audit.Write(db, caller, "user.change_email", $"user:{id}");
            await updates.Publish(user, ct);
            if (before is { } old)
            {
                await TokenFamily.DeleteAll(null, old, db, ct);
                await EmailCode.DeleteAll(old, db, ct);
                await ErasedUsers.DeleteRecordedAnswers(db, [old.Subject], ct);
                // Ends sign-ins by the old address. The caller refreshes or signs in again.
                await RevokedUsers.RevokeIssued(db, id, now, user.Version, ct);
                outbox.Add(new UserTokensRevoked { UserId = id, RevokedAt = now, Version = user.Version });
            }
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Profile.From(user, now));
    }
}
