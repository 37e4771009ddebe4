using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Platform.Database;

namespace Platform.ServiceDefaults.Web.ServiceTickets;

/// <summary>
/// Issues the tickets by which this service calls another on its own behalf. A ticket says who calls, is good at the one service that it
/// was made for, and for five minutes.
/// </summary>
/// <remarks>
/// Tickets are protected under a purpose of their own, so that a person's access token opens no door that is for services
/// (<see cref="ServiceAuthorization.RequireService"/>), and a ticket none that is for people.
/// </remarks>
public sealed class ServiceTicketIssuer(ServiceName caller, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Long enough for any call, and for two clocks that differ.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Name of the authentication scheme.</summary>
    internal const string Scheme = "Service";

    /// <param name="service">The service that will be called: <c>billing</c>.</param>
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

    /// <param name="audience">The service at which the tickets are good.</param>
    internal static ProtectedTicketFormat FormatFor(IDataProtectionProvider protection, string audience) =>
        new(protection.CreateProtector("Platform.ServiceTicket.v1", audience));
}

internal static class ServiceTicketsExtensions
{
    /// <summary>Issues tickets to others, and knows those that others issue for this service.</summary>
    public static void AddServiceTickets(this IServiceCollection services)
    {
        services.AddSingleton<ServiceTicketIssuer>();
        services.AddAuthentication().AddBearerToken(ServiceTicketIssuer.Scheme);
        services.AddOptions<BearerTokenOptions>(ServiceTicketIssuer.Scheme).PostConfigure<IDataProtectionProvider, ServiceName>((bearer, protection, service) =>
            bearer.BearerTokenProtector = ServiceTicketIssuer.FormatFor(protection, service.Value));
    }
}
