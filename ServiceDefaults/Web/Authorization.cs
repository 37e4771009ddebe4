using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Platform.Contracts;
using Platform.Contracts.Users;

namespace Platform.ServiceDefaults.Web;

public static class Authorization
{
    /// <summary>Admits this role or a higher one. Others get 401 <c>unauthenticated</c>, 403 <c>forbidden</c> or 403 <c>user_blocked</c>.</summary>
    /// <remarks>
    /// <see cref="Role.Client"/> means a registered person or staff: <see cref="Caller.UserId"/> is set unless the caller
    /// is staff. A service does not start while an endpoint has neither a role nor <c>AllowAnonymous</c>.
    /// </remarks>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, Role role) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.RequireAuthorization(new AuthorizationPolicy([new RoleRequirement(role)], []));
        return endpoint.WithMetadata(new RoleRequirement(role));
    }

    /// <summary>Admits staff with this role or a higher one, and admins. Others get 401 <c>unauthenticated</c> or 403 <c>forbidden</c>.</summary>
    public static TBuilder RequireStaffRole<TBuilder>(this TBuilder endpoint, StaffRole role) where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new RoleRequirement(Role.Staff, role);
        endpoint.RequireAuthorization(new AuthorizationPolicy([requirement], []));
        return endpoint.WithMetadata(requirement);
    }

    /// <summary>Admits blocked people too, for their own data. They need a token issued after the block, which is refused everywhere else.</summary>
    public static TBuilder AllowBlocked<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AllowBlockedMetadata());
}

internal sealed record AllowBlockedMetadata;

/// <summary>The authorization requirement, also used as the endpoint's metadata.</summary>
internal sealed record RoleRequirement(Role Role, StaffRole? StaffRole = null) : IAuthorizationRequirement
{
    public bool IsMetBy(Caller caller) =>
        caller.Role >= Role && (Role != Role.Client || caller.UserId is not null || caller.Role >= Role.Staff)
        && (StaffRole is null || caller.StaffRole >= StaffRole);
}

internal sealed class RoleHandler(RevokedUsers revoked) : AuthorizationHandler<RoleRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        if (context.Resource is not HttpContext http || Caller.Of(http) is not { } caller)
        {
            return Task.CompletedTask;
        }

        var allowsBlocked = http.GetEndpoint()?.Metadata.GetMetadata<AllowBlockedMetadata>() is not null;
        if (caller.OwnDataOnly && !allowsBlocked)
        {
            context.Fail(new Refused(this, PlatformErrors.UserBlocked));
        }
        else if (revoked.Refuses(caller, allowsBlocked) is { } refusal)
        {
            context.Fail(new Refused(this, refusal));
        }
        else if (requirement.IsMetBy(caller))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    public sealed class Refused(IAuthorizationHandler by, ErrorCode error) : AuthorizationFailureReason(by, error.Detail)
    {
        public ErrorCode Error => error;
    }
}

/// <summary>Answers refused callers with a problem; the framework sends an empty 401 or 403.</summary>
internal sealed class ProblemAuthorizationResultHandler : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var refused = authorizeResult.AuthorizationFailure?.FailureReasons.OfType<RoleHandler.Refused>().FirstOrDefault();
        var error = authorizeResult.Challenged ? PlatformErrors.Unauthenticated : refused?.Error ?? PlatformErrors.Forbidden;
        if (error == PlatformErrors.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await Problems.For(error).ExecuteAsync(context);
    }
}
