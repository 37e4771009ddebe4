using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Security;

/// <summary>Refuses a body by its announced length, before it is passed on. The server cuts off bodies of unannounced length.</summary>
internal sealed class BodyLimit(RequestDelegate next, IOptions<GatewayOptions> options)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.ContentLength > options.Value.MaxBodyBytes
            ? Problems.For(PlatformErrors.BodyTooLarge).ExecuteAsync(context)
            : next(context);
}
