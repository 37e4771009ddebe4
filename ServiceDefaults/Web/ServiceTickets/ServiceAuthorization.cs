using Microsoft.AspNetCore.Authorization;

namespace Platform.ServiceDefaults.Web.ServiceTickets;

public static class ServiceAuthorization
{
    /// <summary>
    /// Lets in one of these services, by a ticket that it made for this one (<see cref="ServiceTicketIssuer"/>). Anybody else gets 401
    /// <c>unauthenticated</c>, also with a person's access token, and another service 403 <c>forbidden</c>.
    /// </summary>
    /// <param name="callers">Names of services: <c>letters</c>.</param>
    public static TBuilder RequireService<TBuilder>(this TBuilder endpoint, params string[] callers) where TBuilder : IEndpointConventionBuilder
    {
        var role = new NeedsRole(Role.Service);
        endpoint.RequireAuthorization(new AuthorizationPolicy([role, new NeedsCaller(callers)], [ServiceTicketIssuer.Scheme]));
        return endpoint.WithMetadata(role);
    }

    private sealed class NeedsCaller(string[] callers) : AuthorizationHandler<NeedsCaller>, IAuthorizationRequirement
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, NeedsCaller requirement)
        {
            if (context.Resource is HttpContext http && Caller.Of(http)?.Actor is { } service && callers.Contains(service, StringComparer.Ordinal))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
