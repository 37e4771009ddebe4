using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Database;

namespace Platform.ServiceDefaults.Web;

/// <summary>Whom an access token speaks for.</summary>
/// <param name="Actor">The bot that acts for him, by the name of its key; for <see cref="Role.Service"/> the service.</param>
/// <param name="Email">The address that a guest has shown to be his own, and has nothing else to be known by.</param>
/// <param name="PersonVersion">Of the person's state when the token was issued; tokens of before a revocation have a lower one.</param>
/// <param name="StaffVersion">The same of a member of the staff.</param>
/// <param name="OwnDataOnly">The person is blocked: see <see cref="Authorization.EvenWhenBlocked"/>.</param>
public sealed record TokenSubject(
    Role Role, UserId? UserId = null, TelegramId? TelegramId = null, StaffId? StaffId = null, string? Actor = null, string? Email = null,
    long? PersonVersion = null, long? StaffVersion = null, bool OwnDataOnly = false);

/// <summary>Issues the access tokens that every replica of every service accepts, since all read the same keys.</summary>
public sealed class AccessTokens(IOptionsMonitor<BearerTokenOptions> bearer, TimeProvider clock)
{
    /// <summary>What their protector is made for: nothing else is taken for an access token.</summary>
    internal const string Purpose = "Platform.AccessToken.v1";

    /// <exception cref="ArgumentException">The subject is nobody: it has no id, nor the name of a service.</exception>
    public string Issue(TokenSubject subject, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (subject is { UserId: null, TelegramId: null, StaffId: null, Email: null } and not { Role: Role.Service, Actor: not null })
        {
            throw new ArgumentException("A token without an id speaks for nobody.", nameof(subject));
        }

        var now = clock.GetUtcNow();
        var ticket = new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity(ClaimsOf(subject, now), BearerTokenDefaults.AuthenticationScheme)),
            new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now + lifetime },
            BearerTokenDefaults.AuthenticationScheme);
        return bearer.Get(BearerTokenDefaults.AuthenticationScheme).BearerTokenProtector.Protect(ticket);
    }

    private static IEnumerable<Claim> ClaimsOf(TokenSubject subject, DateTimeOffset now)
    {
        yield return new Claim(Caller.Claims.Role, subject.Role.ToString());
        yield return new Claim(Caller.Claims.IssuedAt, now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        if (subject.UserId is { } user)
        {
            yield return new Claim(Caller.Claims.User, user.ToString());
        }

        if (subject.TelegramId is { } telegram)
        {
            yield return new Claim(Caller.Claims.Telegram, telegram.ToString());
        }

        if (subject.StaffId is { } staff)
        {
            yield return new Claim(Caller.Claims.Staff, staff.ToString());
        }

        if (subject.PersonVersion is { } personVersion)
        {
            yield return new Claim(Caller.Claims.PersonVersion, personVersion.ToString(CultureInfo.InvariantCulture));
        }

        if (subject.StaffVersion is { } staffVersion)
        {
            yield return new Claim(Caller.Claims.StaffVersion, staffVersion.ToString(CultureInfo.InvariantCulture));
        }

        if (subject.Actor is not null)
        {
            yield return new Claim(Caller.Claims.Actor, subject.Actor);
        }

        if (subject.Email is not null)
        {
            yield return new Claim(Caller.Claims.Email, subject.Email);
        }

        if (subject.OwnDataOnly)
        {
            yield return new Claim(Caller.Claims.OwnDataOnly, bool.TrueString);
        }
    }
}

/// <summary>A ticket's form on the wire, protected under a purpose of its kind's own.</summary>
/// <remarks>
/// The framework's own format takes every failure for a bad token, also the database's when the keys are read for the
/// first time: people would be signed out by an outage. Here an outage stays one, and is answered 503.
/// </remarks>
internal sealed class ProtectedTicketFormat(IDataProtector protector) : ISecureDataFormat<AuthenticationTicket>
{
    public string Protect(AuthenticationTicket data) => Protect(data, purpose: null);

    public string Protect(AuthenticationTicket data, string? purpose) =>
        WebEncoders.Base64UrlEncode(protector.Protect(TicketSerializer.Default.Serialize(data)));

    public AuthenticationTicket? Unprotect(string? protectedText) => Unprotect(protectedText, purpose: null);

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose)
    {
        try
        {
            return protectedText is null ? null : TicketSerializer.Default.Deserialize(protector.Unprotect(WebEncoders.Base64UrlDecode(protectedText)));
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException && !TransientFaults.IsTransient(fault))
        {
            return null;
        }
    }
}
