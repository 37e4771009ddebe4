using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Staff and admins sign in with login and password. An unknown login is answered like a wrong password, after as long a
/// time and with the same lock-out.
/// </summary>
internal static class Login
{
    public sealed record Request([Required, StringLength(100)] string Login, [Required, StringLength(200)] string Password);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(Login))
        .WithSummary("Signs in staff and admins by login and password")
        .WithExample(new Request("admin", "correct horse battery staple"), Tokens.Example)
        .Refuses(UsersErrors.WrongCredentials, UsersErrors.LockedOut, PlatformErrors.RateLimited, PlatformErrors.UserBlocked);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, UsersDb db, TokenIssuer tokens, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var network = CallerNetwork.Of(http).ToString();
        if (await limits.Take("login", network, options.Value.LoginsPerMinute, TimeSpan.FromMinutes(1), ct) is { } tooMany)
        {
            return tooMany;
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        var login = Credential.Normalize(request.Login);
        var failures = await LoginFailures.Lock(login, db, now, ct);
        if (failures.LockedFor(now) is { } wait)
        {
            return Problems.For(UsersErrors.LockedOut, retryAfter: wait);
        }

        var credential = await db.Credentials.SingleOrDefaultAsync(credential => credential.Login == login, ct);
        var verified = Passwords.Hasher.VerifyHashedPassword(Passwords.Nobody, credential?.PasswordHash ?? Passwords.OfNobody, request.Password);
        var standing = credential is null || verified == PasswordVerificationResult.Failed ? null : await Standing.Hold(credential.StaffId, db, ct);
        if (standing is null)
        {
            failures.Count(now);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return Problems.For(UsersErrors.WrongCredentials);
        }

        if (standing.IsBlocked)
        {
            return Problems.For(PlatformErrors.UserBlocked);
        }

        db.Remove(failures);
        var family = TokenFamily.Of(credential!.StaffId, now);
        db.Add(family);
        var answer = tokens.Issue(family, standing, actor: null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
