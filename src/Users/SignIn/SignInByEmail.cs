using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>Signs in the person with this e-mail address by a code sent to it, or proves the address so that a guest can register with it.</summary>
internal static class SignInByEmail
{
    /// <param name="Code">The six digits from the mail.</param>
    /// <param name="RequestId">From the response of the call that sent the code. Optional when that call was made with the same token.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [Required, RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string Code,
        [StringLength(EmailCode.MaxRequestIdLength)] string? RequestId = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SignInByEmail))
        .WithSummary("Signs in with a code sent by e-mail, or proves the address for a registration")
        .WithDescription("Someone who is not registered gets no refresh token: they have ten minutes to register before they need a new code. "
            + "A blocked person gets no refresh token either, and an access token that only allows exporting and erasing their own data.")
        .WithExample(new Request("anna@example.com", "493027", SendEmailCode.Example.RequestId), Tokens.Example)
        .Refuses(UsersErrors.CodeWrong, UsersErrors.CodeExpired, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, Caller? caller, HttpContext http, UsersDb db, TokenIssuer tokens, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (await SendEmailCode.CountAttempt(caller, http, limits, options.Value, ct) is { } tooMany)
        {
            return tooMany;
        }

        var (email, now) = (EmailAddress.From(request.Email), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // The person before the code: changing an address and recovering an account lock in the same order.
        var identity = await Identity.LockByEmail(email, db, ct);
        if (await EmailCode.Use(email, request.Code, request.RequestId, caller, db, now, ct) is { } refusal)
        {
            await transaction.CommitAsync(ct);
            return Problems.For(refusal);
        }

        if (identity.IsBlocked)
        {
            await transaction.CommitAsync(ct);
            return TypedResults.Ok(tokens.IssueToBlocked(identity, actor: null));
        }

        if (identity.UserId is null)
        {
            // Nothing is stored about them: they have not consented.
            await transaction.CommitAsync(ct);
            return TypedResults.Ok(tokens.IssueWithoutRefresh(identity));
        }

        var family = TokenFamily.Start(email, now);
        family.RememberNetwork(CallerNetwork.Of(http));
        db.Add(family);
        var answer = tokens.Issue(family, identity, actor: null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
