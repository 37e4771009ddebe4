using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Database;

namespace Platform.ServiceDefaults.Web;

/// <summary>The person or service that an access token is issued to.</summary>
/// <param name="Actor">The bot that acts for the person, by the name of its key; for <see cref="Role.Service"/> the service.</param>
/// <param name="Email">The verified address of a guest who has no other id.</param>
/// <param name="PersonVersion">The person's version when the token was issued. A revocation raises it, so older tokens have a lower one.</param>
/// <param name="StaffVersion">The same for a member of staff.</param>
/// <param name="OwnDataOnly">The person is blocked: see <see cref="Authorization.AllowBlocked"/>.</param>
public sealed record TokenSubject(
    Role Role, UserId? UserId = null, TelegramId? TelegramId = null, StaffId? StaffId = null, string? Actor = null, string? Email = null,
    long? PersonVersion = null, long? StaffVersion = null, bool OwnDataOnly = false, StaffRole? StaffRole = null, bool MayBroadcast = false);

/// <summary>Issues access tokens. Every replica of every service accepts them, since all read the same keys.</summary>
public sealed class AccessTokens(IOptionsMonitor<BearerTokenOptions> bearer, TimeProvider clock)
{
    /// <summary>Data Protection purpose, so that nothing else passes for an access token.</summary>
    internal const string Purpose = "Platform.AccessToken.v1";

    /// <exception cref="ArgumentException">The subject has neither an id nor the name of a service.</exception>
    public string Issue(TokenSubject subject, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (subject is { UserId: null, TelegramId: null, StaffId: null, Email: null } and not { Role: Role.Service, Actor: not null })
        {
            throw new ArgumentException("A token needs an id or the name of a service.", nameof(subject));
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

        if (subject.StaffRole is { } staffRole)
        {
            yield return new Claim(Caller.Claims.StaffRole, staffRole.ToString());
        }

        if (subject.MayBroadcast)
        {
            yield return new Claim(Caller.Claims.Broadcast, bool.TrueString);
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

/// <summary>Serializes and protects a ticket, with a separate purpose for each kind of ticket.</summary>
/// <remarks>The framework's own format takes unreadable keys for a bad token: an outage would sign people out. Here it is answered with 503.</remarks>
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
