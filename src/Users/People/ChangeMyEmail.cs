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

/// <summary>
/// An address becomes the caller's, once he has shown by the code of a mail that it is. He can sign in by it from then on, and get
/// his account back should he lose his Telegram; by the one before he can no more.
/// </summary>
internal static class ChangeMyEmail
{
    /// <param name="Code">The one that <c>POST /api/auth/email</c> has sent there.</param>
    /// <param name="RequestId">What that call answered; not needed when it was made with the caller's own token.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [Required, RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string Code,
        [StringLength(EmailCode.MaxRequestIdLength)] string? RequestId = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(ChangeMyEmail))
        .WithSummary("Makes an e-mail address the caller's own, by the code that was sent there")
        .WithExample(new Request("anna@example.com", "493027", SendEmailCode.Example.RequestId), Profile.Example)
        .Refuses(UsersErrors.CodeWrong, UsersErrors.CodeExpired, UsersErrors.EmailTaken, UsersErrors.UserNotFound, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, UsersDb db, Outbox outbox, Announcements announcements, Audit audit, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (await SendEmailCode.CountTry(caller, http, limits, options.Value, ct) is { } tooMany)
        {
            return tooMany;
        }

        var email = EmailAddress.Of(request.Email);
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
                // Whoever signed in by the old address is out; the caller signs in again, or refreshes, and goes on.
                await RevokedUsers.RevokeIssued(db, id, now, user.Version, ct);
                outbox.Add(new UserTokensRevoked { UserId = id, RevokedAt = now, Version = user.Version });
            }
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Profile.Of(user, now));
    }
}
