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
/// Whoever lost his Telegram account gets back what is his from a new one, by his e-mail address or his phone number. Whoever has the
/// old one is out: its tokens die, and it is nobody's.
/// </summary>
/// <remarks>
/// What he may do as a member of the staff stays with the old Telegram id, until an admin removes it and adds the new one: a mailbox or a
/// number is proof enough of a guest's points, but not of somebody who gives them out.
/// </remarks>
internal static class RecoverAccount
{
    /// <param name="Email">His address; with <paramref name="Code"/>.</param>
    /// <param name="Code">The one that <c>POST /api/auth/email</c> has sent there.</param>
    /// <param name="RequestId">What that call answered; not needed when it was made with the caller's own token.</param>
    /// <param name="Phone">Instead: his number, which the bot has seen to be his own.</param>
    /// <param name="PhoneVerified">The bot's word for that: the contact that he shared with it is the sender's. Believed of a bot only.</param>
    public sealed record Request(
        [StringLength(EmailAddress.MaxLength), Mailbox] string? Email = null,
        [RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string? Code = null,
        [StringLength(32)] string? Phone = null,
        bool PhoneVerified = false,
        [StringLength(EmailCode.MaxRequestIdLength)] string? RequestId = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(RecoverAccount))
        .WithSummary("Joins a new Telegram account to the person who lost his old one")
        .WithDescription("By e-mail and code, or by a phone number that a bot has verified. Every token of before is refused, in every service.")
        .WithExample(new Request(Email: "anna@example.com", Code: "493027", RequestId: SendEmailCode.Example.RequestId), Tokens.Example)
        .Refuses(
            UsersErrors.RecoveryUnproven, UsersErrors.UserExists, UsersErrors.CodeWrong, UsersErrors.CodeExpired, UsersErrors.PhoneInvalid,
            UsersErrors.NothingToRecover, PlatformErrors.UserBlocked, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, UsersDb db, TokenIssuer tokens, Outbox outbox, Announcements announcements, Audit audit, RateLimits limits,
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

        if (request.Code is not null && await SendEmailCode.CountTry(caller, http, limits, options.Value, ct) is { } tooManyCodes)
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
        // A bot whose key was taken back since it got this token.
        if (caller.Actor is not null && key is null)
        {
            return Problems.For(UsersErrors.RecoveryUnproven);
        }

        User? user;
        switch (request)
        {
            case { Email: { } address, Code: { } code, Phone: null }:
                var email = EmailAddress.Of(address);
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
            // The code is used up all the same.
            await transaction.CommitAsync(ct);
            return Problems.For(user is null ? UsersErrors.NothingToRecover : PlatformErrors.UserBlocked);
        }

        // Once everybody who is signing in or refreshing at this moment has finished, or waits for it to be over.
        var (now, former) = (clock.GetUtcNow(), user.TelegramId);
        await TokenFamily.RevokeRecovered(user, db, now, ct);
        // When he is erased, nobody knows any more that this was his.
        await TokenFamily.DeleteAllOf(user.TelegramId, email: null, db, ct);
        await ErasedUsers.ForgetCalls(db, [$"telegram:{user.TelegramId}"], ct);
        user.JoinTelegram(telegramId, now);
        await RevokedUsers.RevokeIssued(db, user.Id, now, user.Version, ct);
        outbox.Add(new UserTokensRevoked { UserId = user.Id, RevokedAt = now, Version = user.Version, FormerTelegramId = former });
        outbox.Add(new AccountRecovered
        {
            UserId = user.Id, FormerTelegramId = former, ByPhone = request.Phone is not null, RecoveredAt = now, Version = user.Version,
        });
        await announcements.Updated(user, ct);
        // As himself, so that no Telegram id stays in the audit when he is erased.
        audit.Write(db, caller with { UserId = user.Id }, "user.recover", $"user:{user.Id}", new { by = request.Phone is null ? "email" : "phone" });
        await db.SaveChangesAsync(ct);

        var standing = await Standing.Of(telegramId, key?.HighestRole ?? Role.Client, db, ct);
        var family = TokenFamily.Of(telegramId, key, now);
        db.Add(family);
        var answer = tokens.Issue(family, standing, caller.Actor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
