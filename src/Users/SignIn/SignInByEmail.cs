using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>Whoever has the code that was sent to an address is its owner: the person who has it, or a guest who may register with it.</summary>
internal static class SignInByEmail
{
    /// <param name="Code">The six digits of the mail.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [Required, RegularExpression(EmailCode.Pattern, ErrorMessage = "A code is six digits.")] string Code);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SignInByEmail))
        .WithSummary("Signs in by the code of a mail, or proves the address for a registration")
        .WithExample(new Request("anna@example.com", "493027"), Tokens.Example)
        .Refuses(UsersErrors.CodeWrong, UsersErrors.CodeExpired, PlatformErrors.UserBlocked);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, UsersDb db, TokenIssuer tokens, TimeProvider clock, CancellationToken ct)
    {
        var (email, now) = (EmailAddress.Of(request.Email), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await EmailCode.Use(email, request.Code, db, now, ct) is { } refusal)
        {
            await transaction.CommitAsync(ct);
            return Problems.For(refusal);
        }

        var standing = await Standing.Of(email, db, ct);
        if (standing.IsBlocked)
        {
            await transaction.CommitAsync(ct);
            return Problems.For(PlatformErrors.UserBlocked);
        }

        var family = TokenFamily.Of(email, now);
        db.Add(family);
        var answer = tokens.Issue(family, standing, actor: null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
