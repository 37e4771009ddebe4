using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Platform.Contracts;

namespace Platform.ServiceDefaults.Web;

public static class Authorization
{
    /// <summary>
    /// Lets in who has this role or a higher one; others get 401 <c>unauthenticated</c>, 403 <c>forbidden</c> or, when
    /// blocked, 403 <c>user_blocked</c>.
    /// </summary>
    /// <remarks>
    /// <see cref="Role.Client"/> means a registered person or staff: <see cref="Caller.UserId"/> is set unless the caller
    /// is staff. An endpoint that states neither a role nor <c>AllowAnonymous</c> stops the service from starting.
    /// </remarks>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, Role role) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.RequireAuthorization(new AuthorizationPolicy([new NeedsRole(role)], []));
        return endpoint.WithMetadata(new NeedsRole(role));
    }

    /// <summary>
    /// Lets in blocked people too: for what people may ask of their own data whatever they have done. They need a token issued since the
    /// block, which is good for nothing else.
    /// </summary>
    public static TBuilder EvenWhenBlocked<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new OpenToBlocked());
}

/// <summary>The mark of <see cref="Authorization.EvenWhenBlocked"/>.</summary>
internal sealed record OpenToBlocked;

/// <summary>The requirement, and the mark on the endpoint that shows it.</summary>
internal sealed record NeedsRole(Role Role) : IAuthorizationRequirement
{
    public bool IsMetBy(Caller caller) =>
        caller.Role >= Role && (Role != Role.Client || caller.UserId is not null || caller.Role >= Role.Staff);
}

internal sealed class CheckRole(RevokedUsers revoked) : AuthorizationHandler<NeedsRole>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, NeedsRole requirement)
    {
        if (context.Resource is not HttpContext http || Caller.Of(http) is not { } caller)
        {
            return Task.CompletedTask;
        }

        var openToBlocked = http.GetEndpoint()?.Metadata.GetMetadata<OpenToBlocked>() is not null;
        if (caller.OwnDataOnly && !openToBlocked)
        {
            context.Fail(new Refused(this, PlatformErrors.UserBlocked));
        }
        else if (revoked.Refuses(caller, openToBlocked) is { } refusal)
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

/// <summary>Answers a refused caller with a problem; the framework alone would send an empty 401 or 403.</summary>
internal sealed class AnswerRefusedCaller : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var refused = authorizeResult.AuthorizationFailure?.FailureReasons.OfType<CheckRole.Refused>().FirstOrDefault();
        var error = authorizeResult.Challenged ? PlatformErrors.Unauthenticated : refused?.Error ?? PlatformErrors.Forbidden;
        if (error == PlatformErrors.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await Problems.For(error).ExecuteAsync(context);
    }
}
