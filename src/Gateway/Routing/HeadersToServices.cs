using Platform.Gateway.Limits;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Platform.Gateway.Routing;

/// <summary>Which headers reach a service: the caller's token and trace context do, headers that imitate a proxy do not.</summary>
/// <remarks>YARP itself replaces the caller's X-Forwarded-* headers and drops the hop-by-hop ones.</remarks>
internal static class HeadersToServices
{
    /// <summary>Metadata of the one route whose service reads the bot's key; the other services never see it.</summary>
    public const string PassesApiKey = "PassesApiKey";

    private static readonly string[] Spoofable =
    [
        "Forwarded", "X-Real-IP", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Original-Method", "X-HTTP-Method-Override",
    ];

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
