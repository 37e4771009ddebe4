namespace Platform.Gateway.Landing;

/// <summary>The page at <c>/</c>: tells a visitor what this address is, and where to go on.</summary>
internal static class LandingPage
{
    private const string DocsLink = """<li><a href="/docs">API documentation</a> – every call, with examples to try</li>""";

    public static void MapLandingPage(this IEndpointRouteBuilder app, bool withDocs)
    {
        var html = Read("landing.html").Replace("<!-- docs -->", withDocs ? DocsLink : "", StringComparison.Ordinal);
        var css = Read("landing.css");
        app.MapMethods("/", ["GET", "HEAD"], () => TypedResults.Text(html, "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapMethods("/landing.css", ["GET", "HEAD"], () => TypedResults.Text(css, "text/css; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
    }

    private static string Read(string name)
    {
        using var file = new StreamReader(typeof(LandingPage).Assembly.GetManifestResourceStream(name)!);
        return file.ReadToEnd();
    }
}
