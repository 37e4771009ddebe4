using Platform.Gateway.Limits;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Platform.Gateway.Routing;

/// <summary>Which headers reach a service. The caller's token and trace context do; what only looks like the gateway's word does not.</summary>
/// <remarks>
/// YARP itself replaces X-Forwarded-For, -Proto, -Host and -Prefix, so that a caller's own are dropped, and leaves out
/// the hop-by-hop headers.
/// </remarks>
internal static class ForwardedHeaders
{
    /// <summary>Metadata of the one route whose service reads a bot's key: nobody else needs to see it.</summary>
    public const string PassesApiKey = "PassesApiKey";

    private static readonly string[] Spoofable = ["Forwarded", "X-Real-IP", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Original-Method", "X-HTTP-Method-Override"];

    public static void Transform(TransformBuilderContext route)
    {
        var passesApiKey = route.Route.Metadata?.ContainsKey(PassesApiKey) is true;
        route.AddRequestTransform(call =>
        {
            foreach (var header in Spoofable)
            {
                call.ProxyRequest.Headers.Remove(header);
            }

            if (!passesApiKey)
            {
                call.ProxyRequest.Headers.Remove("X-Api-Key");
            }

            return ValueTask.CompletedTask;
        });
        route.AddResponseTransform(call =>
        {
            call.HttpContext.Response.Headers.Remove("Server");
            return ValueTask.CompletedTask;
        });
        if (passesApiKey)
        {
            route.AddResponseTransform(route.Services.GetRequiredService<BotTokenCalls>().Count);
        }
    }
}
