using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>The response of every sign-in.</summary>
/// <param name="TokenType">Always <c>Bearer</c>: send the access token in the header <c>Authorization</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token is refused.</param>
/// <param name="RefreshToken">
/// Can be exchanged once at <c>/api/auth/refresh</c> within 30 days; null for a guest who proved an e-mail address, and for a blocked
/// person.
/// </param>
public sealed record Tokens(string TokenType, string AccessToken, int ExpiresIn, string? RefreshToken)
{
    internal static readonly TimeSpan AccessLifetime = TimeSpan.FromMinutes(10);

    internal static readonly Tokens Example = new(
        "Bearer", "CfDJ8NrAkS…", (int)AccessLifetime.TotalSeconds, "hbK5Yz0o3aVd2n7LxXG1mQpR8sTtUuVvWwXxYyZz012");
}

/// <summary>Issues the tokens of a sign-in. Adds the refresh token's row to the <see cref="UsersDb"/>; the caller saves.</summary>
internal sealed class TokenIssuer(UsersDb db, AccessTokens accessTokens, TimeProvider clock)
{
    /// <param name="actor">The bot that acts for the person, if any.</param>
    public Tokens Issue(TokenFamily family, Identity identity, string? actor)
    {
        var (row, refreshToken) = RefreshToken.Create(family, clock.GetUtcNow());
        db.RefreshTokens.Add(row);
        return Create(identity, actor, refreshToken);
    }

    /// <summary>Without a refresh token, so that nothing is stored about the person.</summary>
    public Tokens IssueWithoutRefresh(Identity identity) => Create(identity, actor: null, refreshToken: null);

    /// <summary>For a blocked person: only allows exporting and erasing their own data, and cannot be refreshed.</summary>
    public Tokens IssueToBlocked(Identity identity, string? actor) =>
        Create(identity with { Role = Role.Client, StaffId = null, StaffRole = null, MayBroadcast = false }, actor, refreshToken: null);

    private Tokens Create(Identity identity, string? actor, string? refreshToken)
    {
        var accessToken = accessTokens.Issue(
            new TokenSubject(
                identity.Role, identity.UserId, identity.TelegramId, identity.StaffId, actor, identity.Email, identity.PersonVersion, identity.StaffVersion,
                OwnDataOnly: identity.IsBlocked, identity.StaffRole, identity.MayBroadcast),
            Tokens.AccessLifetime);
        return new Tokens("Bearer", accessToken, (int)Tokens.AccessLifetime.TotalSeconds, refreshToken);
    }
}
