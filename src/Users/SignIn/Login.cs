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
/// Signs in staff and admins with login and password. An unknown login gets the same response, timing and lockout as a wrong password.
/// </summary>
/// <remarks>
/// Wrong passwords lock out only the network they come from, or the device that signed in before. Many tries from unknown networks only
/// slow those networks down.
/// </remarks>
internal static class Login
{
    /// <summary>Tries per login and hour from unknown networks before further ones are delayed.</summary>
    private const int TriesBeforeDelay = 50;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Long enough to slow down guessing from many networks, short enough for an owner who is travelling.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <param name="RefreshToken">
    /// A refresh token from this device's last sign-in with this login, used or not. It gives the device its own tries, however many wrong
    /// guesses others make from the same network. It is not exchanged.
    /// </param>
    public sealed record Request(
        [Required, StringLength(100)] string Login, [Required, StringLength(200)] string Password, [StringLength(100)] string? RefreshToken = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(Login))
        .WithSummary("Signs in staff and admins by login and password")
        // A login that does not exist, so that trying the example locks no one out.
        .WithExample(new Request("login-of-an-example", "correct horse battery staple"), Tokens.Example)
        .Refuses(UsersErrors.WrongCredentials, UsersErrors.LockedOut, PlatformErrors.RateLimited, PlatformErrors.UserBlocked);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, UsersDb db, TokenIssuer tokens, RateLimits limits,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var (login, network) = (Credential.Normalize(request.Login), CallerNetwork.Of(http));
        var device = await TokenFamily.FindDevice(login, request.RefreshToken ?? "", db, clock.GetUtcNow(), ct);
        var origin = device is { } known ? $"device:{known}" : $"{network}";
        if (await limits.Take("login", origin, options.Value.LoginsPerMinute, TimeSpan.FromMinutes(1), ct) is { } tooMany)
        {
            return tooMany;
        }

        var isUnknown = !await TokenFamily.IsKnownNetwork(login, network, db, ct) && device is null;
        // Before the transaction, so that a waiting request holds no connection.
        if (isUnknown && await limits.Take("login_from_anywhere", login, TriesBeforeDelay, Window, ct) is not null)
        {
            await Task.Delay(Delay, clock, ct);
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var failures = await LoginFailures.Lock(login, origin, db, now, ct);
        if (failures.RemainingLockout(now) is { } wait)
        {
            return Problems.For(UsersErrors.LockedOut, retryAfter: wait);
        }

        var credential = await db.Credentials.SingleOrDefaultAsync(credential => credential.Login == login, ct);
        var verified = Passwords.Hasher.VerifyHashedPassword(Passwords.NoUser, credential?.PasswordHash ?? Passwords.DummyHash, request.Password);
        var identity = credential is null || verified == PasswordVerificationResult.Failed ? null : await Identity.LockStaff(credential.StaffId, db, ct);
        if (identity is null)
        {
            failures.Add(now);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return Problems.For(UsersErrors.WrongCredentials);
        }

        if (identity.IsBlocked)
        {
            return Problems.For(PlatformErrors.UserBlocked);
        }

        db.Remove(failures);
        var family = TokenFamily.Start(credential!.StaffId, now);
        family.RememberNetwork(network);
        db.Add(family);
        var answer = tokens.Issue(family, identity, actor: null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
