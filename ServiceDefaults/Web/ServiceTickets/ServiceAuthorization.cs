using Microsoft.AspNetCore.Authorization;

namespace Platform.ServiceDefaults.Web.ServiceTickets;

public static class ServiceAuthorization
{
    /// <summary>Admits only these services, by a ticket for this one. Other services get 403 <c>forbidden</c>, people get 401 <c>unauthenticated</c>.</summary>
    /// <param name="callers">Service names: <c>letters</c>.</param>
    public static TBuilder RequireService<TBuilder>(this TBuilder endpoint, params string[] callers) where TBuilder : IEndpointConventionBuilder
    {
        var role = new RoleRequirement(Role.Service);
        endpoint.RequireAuthorization(new AuthorizationPolicy([role, new CallerRequirement(callers)], [ServiceTicketIssuer.Scheme]));
        return endpoint.WithMetadata(role);
    }

    private sealed class CallerRequirement(string[] callers) : AuthorizationHandler<CallerRequirement>, IAuthorizationRequirement
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, CallerRequirement requirement)
        {
            if (context.Resource is HttpContext http && Caller.Of(http)?.Actor is { } service && callers.Contains(service, StringComparer.Ordinal))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
