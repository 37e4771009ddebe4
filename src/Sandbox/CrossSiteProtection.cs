using System.Net;
using Microsoft.Extensions.Options;

namespace Platform.Sandbox;

/// <summary>Blocks pages of other sites in the developer's browser: anyone who reaches the sandbox can act for all its people.</summary>
/// <remarks>
/// A site whose name resolves to this machine (DNS rebinding) would count as same-origin, so only host names that no site can
/// have are accepted: addresses, names without a dot, localhost, and those in the settings. Cross-site requests are recognized
/// by the headers that browsers send. Bots' calls carry a token that no site knows.
/// </remarks>
internal static class CrossSiteProtection
{
    public static void UseCrossSiteProtection(this WebApplication app)
    {
        var hosts = app.Services.GetRequiredService<IOptions<SandboxOptions>>().Value.Hosts;
        app.Use((http, next) =>
        {
            var request = http.Request;
            if (IsBotCall(request.Path))
            {
                return next(http);
            }

            if (!IsOurs(request.Host.Host, hosts))
            {
                return Refuse(
                    http, StatusCodes.Status421MisdirectedRequest, "host_unknown",
                    "The sandbox answers to localhost, to addresses and to names without a dot. Add other names to Sandbox:Hosts.");
            }

            return ChangesSomething(request) && ComesFromAnotherSite(request)
                ? Refuse(http, StatusCodes.Status403Forbidden, "other_site", "Only the sandbox's own pages may do this.")
                : next(http);
        });
    }

    private static bool IsBotCall(PathString path) =>
        path.Value is { } text && (text.StartsWith("/bot", StringComparison.Ordinal) || text.StartsWith("/file/bot", StringComparison.Ordinal));

    private static bool IsOurs(string host, IReadOnlyList<string> hosts) =>
        IPAddress.TryParse(host, out _)
        || !host.Contains('.', StringComparison.Ordinal)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool ChangesSomething(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    // Browsers send Sec-Fetch-Site, or Origin if they do not support it. A caller that sends neither is not a browser.
    private static bool ComesFromAnotherSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site])
        {
            return site is not ("same-origin" or "none");
        }

        return request.Headers.Origin.Count > 0
            && !(Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
                && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static Task Refuse(HttpContext http, int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: [new("code", code)]).ExecuteAsync(http);
}
