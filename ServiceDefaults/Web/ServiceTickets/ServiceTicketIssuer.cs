using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Platform.Database;

namespace Platform.ServiceDefaults.Web.ServiceTickets;

/// <summary>Tickets for calls on the service's own behalf. Each names the caller and is valid for one called service and five minutes.</summary>
/// <remarks>Their own Data Protection purpose keeps people's access tokens off routes for services, and tickets off routes for people.</remarks>
public sealed class ServiceTicketIssuer(ServiceName caller, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Long enough for any call and for clock differences.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    internal const string Scheme = "Service";

    /// <param name="service">The called service: <c>billing</c>.</param>
    public string IssueFor(string service)
    {
        var now = clock.GetUtcNow();
        var identity = new ClaimsIdentity(
            [
                new Claim(Caller.Claims.Role, nameof(Role.Service)),
                new Claim(Caller.Claims.Actor, caller.Value),
                new Claim(Caller.Claims.IssuedAt, now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            ],
            Scheme);
        return FormatFor(protection, service).Protect(new AuthenticationTicket(
            new ClaimsPrincipal(identity), new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now + Lifetime }, Scheme));
    }

    /// <param name="audience">The service that accepts the tickets.</param>
    internal static ProtectedTicketFormat FormatFor(IDataProtectionProvider protection, string audience) =>
        new(protection.CreateProtector("Platform.ServiceTicket.v1", audience));
}

internal static class ServiceTicketsExtensions
{
    /// <summary>Issues tickets for other services and accepts those for this one.</summary>
    public static void AddServiceTickets(this IServiceCollection services)
    {
        services.AddSingleton<ServiceTicketIssuer>();
        services.AddAuthentication().AddBearerToken(ServiceTicketIssuer.Scheme);
        services.AddOptions<BearerTokenOptions>(ServiceTicketIssuer.Scheme).PostConfigure<IDataProtectionProvider, ServiceName>((bearer, protection, service) =>
            bearer.BearerTokenProtector = ServiceTicketIssuer.FormatFor(protection, service.Value));
    }
}
