using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Moves a person's account to a new Telegram account, by e-mail address or phone number. The old Telegram account's tokens are revoked,
/// and it no longer belongs to anyone.
/// </summary>
/// <remarks>
/// Staff rights stay with the old Telegram id until an admin removes it and adds the new one: a mailbox or a number is proof enough for a
/// guest's points, but not for someone who gives them out.
/// </remarks>
internal static class RecoverAccount
{
    /// <param name="Email">The person's address; with <paramref name="Code"/>.</param>
    /// <param name="Code">The code that <c>POST /api/auth/email</c> sent to this address.</param>
    /// <param name="RequestId">From the response of that call; not needed when it was made with the caller's own token.</param>
    /// <param name="Phone">Alternatively, the person's number, which the bot has verified.</param>
    /// <param name="PhoneVerified">Whether the bot confirmed that the sender shared their own contact. Trusted from bots only.</param>
    public sealed record Request(
        [StringLength(EmailAddress.MaxLength), Mailbox] string? Email = null,
        [RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string? Code = null,
        [StringLength(32)] string? Phone = null,
        bool PhoneVerified = false,
        [StringLength(EmailCode.MaxRequestIdLength)] string? RequestId = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(RecoverAccount))
        .WithSummary("Recovers an account from a new Telegram account")
        .WithDescription("By e-mail and code, or by a phone number that a bot has verified. Every service refuses tokens issued before.")
        .WithExample(new Request(Email: "anna@example.com", Code: "493027", RequestId: SendEmailCode.Example.RequestId), Tokens.Example)
        .Refuses(
            UsersErrors.RecoveryUnproven, UsersErrors.UserExists, UsersErrors.CodeWrong, UsersErrors.CodeExpired, UsersErrors.PhoneInvalid,
            UsersErrors.NothingToRecover, PlatformErrors.UserBlocked, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, UsersDb db, TokenIssuer tokens, Outbox outbox, UserUpdates updates, Audit audit, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (caller.UserId is not null)
        {
            return Problems.For(UsersErrors.UserExists);
        }

        if (caller.TelegramId is not { } telegramId)
        {
            return Problems.For(UsersErrors.RecoveryUnproven);
        }

        if (await limits.Take("recovery", $"telegram:{telegramId}", options.Value.RecoveriesPerHour, TimeSpan.FromHours(1), ct) is { } tooMany)
        {
            return tooMany;
        }

        if (request.Code is not null && await SendEmailCode.CountAttempt(caller, http, limits, options.Value, ct) is { } tooManyCodes)
        {
            return tooManyCodes;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockRegistration(telegramId, ct);
        if (await db.Users.AnyAsync(user => user.TelegramId == telegramId, ct))
        {
            return Problems.For(UsersErrors.UserExists);
        }

        var key = await db.BotKeys.SingleOrDefaultAsync(key => key.Name == caller.Actor && key.RevokedAt == null, ct);
        // The bot's key was revoked after it got this token.
        if (caller.Actor is not null && key is null)
        {
            return Problems.For(UsersErrors.RecoveryUnproven);
        }

        User? user;
        switch (request)
        {
            case { Email: { } address, Code: { } code, Phone: null }:
                var email = EmailAddress.From(address);
                user = await db.LockUser(email, ct);
                if (await EmailCode.Use(email, code, request.RequestId, caller, db, clock.GetUtcNow(), ct) is { } refusal)
                {
                    await transaction.CommitAsync(ct);
                    return Problems.For(refusal);
                }

                break;

            case { Phone: { } typed, PhoneVerified: true, Email: null, Code: null } when caller.Actor is not null:
                if (!PhoneNumber.TryParseContact(typed, options.Value.PhoneRegion, out var phone))
                {
                    return Problems.For(UsersErrors.PhoneInvalid);
                }

                user = await db.LockUser(phone, ct);
                break;

            default:
                return Problems.For(UsersErrors.RecoveryUnproven);
        }

        if (user is null or { IsBlocked: true })
        {
            // The code stays used up.
            await transaction.CommitAsync(ct);
            return Problems.For(user is null ? UsersErrors.NothingToRecover : PlatformErrors.UserBlocked);
        }

        // After the locks: concurrent sign-ins and refreshes have finished or wait for this transaction.
        var (now, former) = (clock.GetUtcNow(), user.TelegramId);
        await TokenFamily.RevokeRecovered(user, db, now, ct);
        // Delete now: a later erasure will not know that the former account was theirs.
        await TokenFamily.DeleteAll(user.TelegramId, email: null, db, ct);
        await ErasedUsers.DeleteRecordedAnswers(db, [$"telegram:{user.TelegramId}"], ct);
        user.ChangeTelegram(telegramId, now);
        await RevokedUsers.RevokeIssued(db, user.Id, now, user.Version, ct);
        outbox.Add(new UserTokensRevoked { UserId = user.Id, RevokedAt = now, Version = user.Version, FormerTelegramId = former });
        outbox.Add(new AccountRecovered
        {
            UserId = user.Id, FormerTelegramId = former, ByPhone = request.Phone is not null, RecoveredAt = now, Version = user.Version,
        });
        await updates.Publish(user, ct);
        // Under the user id, so that no Telegram id stays in the audit after an erasure.
        audit.Write(db, caller with { UserId = user.Id }, "user.recover", $"user:{user.Id}", new { by = request.Phone is null ? "email" : "phone" });
        await db.SaveChangesAsync(ct);

        var identity = await Identity.FindByTelegram(telegramId, key?.HighestRole ?? Role.Client, db, ct);
        var family = TokenFamily.Start(telegramId, key, now);
        db.Add(family);
        var answer = tokens.Issue(family, identity, caller.Actor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
