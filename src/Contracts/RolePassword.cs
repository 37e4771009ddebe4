using System.Security.Cryptography;
using System.Text;

namespace Platform.Contracts;

/// <summary>Derives the passwords of the database roles from one secret, <c>DATABASE_SECRET</c>.</summary>
public static class RolePassword
{
    /// <param name="role">The service's role, such as <c>loyalty</c>, or the owner of its schema, <c>loyalty_owner</c>.</param>
    /// <returns>64 hexadecimal digits: HMAC-SHA256 of the role's name under the secret.</returns>
    public static string Of(string role, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(role)));
}
