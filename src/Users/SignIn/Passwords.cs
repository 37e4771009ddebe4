using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Platform.Users.SignIn;

internal static class Passwords
{
    /// <summary>
    /// PBKDF2 with HMAC-SHA512. OWASP's password storage cheat sheet asks for 210 000 iterations; a hash carries its own
    /// number, so it can be raised.
    /// </summary>
    public static readonly PasswordHasher<object> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    /// <summary>The hasher asks whose password it is and looks at nothing of him.</summary>
    public static readonly object Nobody = new();

    /// <summary>Verified in place of the password of a login that nobody has, so that it takes the same time.</summary>
    public static readonly string OfNobody = Hasher.HashPassword(Nobody, RandomNumberGenerator.GetHexString(32));
}
