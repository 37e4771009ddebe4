using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>What every sign-in answers.</summary>
/// <param name="TokenType">Always <c>Bearer</c>: send the access token in the header <c>Authorization</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token is refused.</param>
/// <param name="RefreshToken">
/// Good for one exchange at <c>/api/auth/refresh</c>, for 30 days; null for whoever has shown an address to be theirs and is not registered, and for whoever is blocked.
/// </param>
public sealed record Tokens(string TokenType, string AccessToken, int ExpiresIn, string? RefreshToken)
{
    internal static readonly TimeSpan AccessLifetime = TimeSpan.FromMinutes(10);

    internal static readonly Tokens Example = new(
        "Bearer", "CfDJ8NrAkS…", (int)AccessLifetime.TotalSeconds, "hbK5Yz0o3aVd2n7LxXG1mQpR8sTtUuVvWwXxYyZz012");
}

/// <summary>Makes the answer of a sign-in. The refresh token's row is added to the <see cref="UsersDb"/>; saving it is the caller's.</summary>
internal sealed class TokenIssuer(UsersDb db, AccessTokens accessTokens, TimeProvider clock)
{
    /// <param name="actor">The bot that acts for him, if one does.</param>
    public Tokens Issue(TokenFamily family, Standing standing, string? actor)
    {
        var (row, refreshToken) = RefreshToken.Draw(family, clock.GetUtcNow());
        db.RefreshTokens.Add(row);
        return Answer(standing, actor, refreshToken);
    }

    /// <summary>Without a refresh token, and so without anything that would be kept of him.</summary>
    public Tokens IssueForOnce(Standing standing) => Answer(standing, actor: null, refreshToken: null);

    /// <summary>For a blocked person: with it they get or erase their own data, and nothing else. It cannot be exchanged for another.</summary>
    public Tokens IssueToBlocked(Standing standing, string? actor) =>
        Answer(standing with { Role = Role.Client, StaffId = null }, actor, refreshToken: null);

    private Tokens Answer(Standing standing, string? actor, string? refreshToken)
    {
        var accessToken = accessTokens.Issue(
            new TokenSubject(
                standing.Role, standing.UserId, standing.TelegramId, standing.StaffId, actor, standing.Email, standing.PersonVersion, standing.StaffVersion,
                OwnDataOnly: standing.IsBlocked),
            Tokens.AccessLifetime);
        return new Tokens("Bearer", accessToken, (int)Tokens.AccessLifetime.TotalSeconds, refreshToken);
    }
}
