using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>Whoever has the code that was sent to an address is its owner: the person who has it, or a guest who may register with it.</summary>
internal static class SignInByEmail
{
    /// <param name="Code">The six digits of the mail.</param>
    /// <param name="RequestId">What the call that had the code sent answered. May be left out by whoever made that call with the same token.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [Required, RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string Code,
        [StringLength(EmailCode.MaxRequestIdLength)] string? RequestId = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SignInByEmail))
        .WithSummary("Signs in by the code of a mail, or proves the address for a registration")
        .WithDescription("A person who is not registered gets no refresh token: they have ten minutes to register, and then ask for another code. "
            + "A blocked person gets none either, and a token for getting and erasing their own data.")
        .WithExample(new Request("anna@example.com", "493027", SendEmailCode.Example.RequestId), Tokens.Example)
        .Refuses(UsersErrors.CodeWrong, UsersErrors.CodeExpired, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, Caller? caller, HttpContext http, UsersDb db, TokenIssuer tokens, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (await SendEmailCode.CountTry(caller, http, limits, options.Value, ct) is { } tooMany)
        {
            return tooMany;
        }

        var (email, now) = (EmailAddress.Of(request.Email), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Before the code, as whoever changes his address or recovers his account locks first himself and then the code.
        var standing = await Standing.Hold(email, db, ct);
        if (await EmailCode.Use(email, request.Code, request.RequestId, caller, db, now, ct) is { } refusal)
        {
            await transaction.CommitAsync(ct);
            return Problems.For(refusal);
        }

        if (standing.IsBlocked)
        {
            await transaction.CommitAsync(ct);
            return TypedResults.Ok(tokens.IssueToBlocked(standing, actor: null));
        }

        if (standing.UserId is null)
        {
            // Nothing of him is kept: he has not consented.
            await transaction.CommitAsync(ct);
            return TypedResults.Ok(tokens.IssueForOnce(standing));
        }

        var family = TokenFamily.Of(email, now);
        family.ComesFrom(CallerNetwork.Of(http));
        db.Add(family);
        var answer = tokens.Issue(family, standing, actor: null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
