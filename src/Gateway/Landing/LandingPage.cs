using System.Net;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Landing;

/// <summary>The page at <c>/</c>: says what this address is and links to the rest.</summary>
internal static class LandingPage
{
    public static void MapLandingPage(this WebApplication app)
    {
        var html = Read("landing.html").Replace("<!-- tools -->", app.Environment.IsDevelopment() ? Tools(app.Services) : "", StringComparison.Ordinal);
        var css = Read("landing.css");
        app.MapMethods("/", ["GET", "HEAD"], () => TypedResults.Text(html, "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapMethods("/landing.css", ["GET", "HEAD"], () => TypedResults.Text(css, "text/css; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Links that only exist in development.</summary>
    private static string Tools(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        return string.Join("\n    ", new[]
        {
            Link("/docs", "API documentation", "every call, with examples to try"),
            Link(options.SandboxAddress?.ToString(), "Sandbox", "chat with the bots in the browser, read the mail they send"),
            Link(options.DashboardAddress?.ToString(), "Dashboard", "traces, logs and metrics of every service"),
        }.OfType<string>());
    }

    private static string? Link(string? address, string name, string what) =>
        address is null ? null : $"""<li><a href="{WebUtility.HtmlEncode(address)}">{name}</a> – {what}</li>""";

    private static string Read(string name)
    {
        using var file = new StreamReader(typeof(LandingPage).Assembly.GetManifestResourceStream(name)!);
        return file.ReadToEnd();
    }
}
