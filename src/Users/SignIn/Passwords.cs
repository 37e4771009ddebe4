using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Platform.Users.SignIn;

internal static class Passwords
{
    /// <summary>
    /// PBKDF2 with HMAC-SHA512 and the 210 000 iterations of OWASP's password storage cheat sheet. Each hash includes its count, so it can be
    /// raised.
    /// </summary>
    public static readonly PasswordHasher<object> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    /// <summary>The hasher requires a user but does not use it.</summary>
    public static readonly object NoUser = new();

    /// <summary>Verified for unknown logins, so that they take the same time.</summary>
    public static readonly string DummyHash = Hasher.HashPassword(NoUser, RandomNumberGenerator.GetHexString(32));
}
