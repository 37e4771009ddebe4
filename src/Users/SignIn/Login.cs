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
/// <remarks>
/// Wrong passwords lock out the network that they come from, or the device that signed in before, and nobody else. What all strange
/// networks together try only makes them wait.
/// </remarks>
internal static class Login
{
    /// <summary>Tries from strange networks that a login has in an hour before each further one is answered late.</summary>
    private const int UnhurriedTries = 50;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Long enough to make guessing from many networks slow, and short enough for whoever is travelling.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <param name="RefreshToken">
    /// One that this device got when it last signed in with this login, used or not. With it the device has tries of its own, however many
    /// others in the same network guess wrong. It is not exchanged.
    /// </param>
    public sealed record Request(
        [Required, StringLength(100)] string Login, [Required, StringLength(200)] string Password, [StringLength(100)] string? RefreshToken = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(Login))
        .WithSummary("Signs in staff and admins by login and password")
        // A login that nobody has: whoever tries the example counts no failure of anybody.
        .WithExample(new Request("login-of-an-example", "correct horse battery staple"), Tokens.Example)
        .Refuses(UsersErrors.WrongCredentials, UsersErrors.LockedOut, PlatformErrors.RateLimited, PlatformErrors.UserBlocked);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, UsersDb db, TokenIssuer tokens, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var (login, network) = (Credential.Normalize(request.Login), CallerNetwork.Of(http));
        var device = await TokenFamily.DeviceOf(login, request.RefreshToken ?? "", db, clock.GetUtcNow(), ct);
        var origin = device is { } known ? $"device:{known}" : $"{network}";
        if (await limits.Take("login", origin, options.Value.LoginsPerMinute, TimeSpan.FromMinutes(1), ct) is { } tooMany)
        {
            return tooMany;
        }

        var isStrange = !await TokenFamily.IsKnown(login, network, db, ct) && device is null;
        // Before the transaction: whoever waits here holds no connection.
        if (isStrange && await limits.Take("login_from_anywhere", login, UnhurriedTries, Window, ct) is not null)
        {
            await Task.Delay(Delay, clock, ct);
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var failures = await LoginFailures.Lock(login, origin, db, now, ct);
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
        family.ComesFrom(network);
        db.Add(family);
        var answer = tokens.Issue(family, standing, actor: null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
