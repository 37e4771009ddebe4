using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Platform.Sandbox.Pages;

/// <summary>The pages are embedded in the program, so no files are needed where it runs.</summary>
internal static class EmbeddedPages
{
    private const string Prefix = "Pages/";

    // Only the sandbox's own files, nothing inline.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var assembly = typeof(EmbeddedPages).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var name = resource[Prefix.Length..];
            var path = name switch
            {
                "chat.html" => "/",
                _ when name.EndsWith(".html", StringComparison.Ordinal) => $"/{Path.GetFileNameWithoutExtension(name)}",
                _ => $"/{name}",
            };
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..8])}\"");
            app.MapMethods(path, ["GET", "HEAD"], (HttpResponse response) =>
            {
                response.Headers.ContentSecurityPolicy = Policy;
                response.Headers.XContentTypeOptions = "nosniff";
                response.Headers["Referrer-Policy"] = "no-referrer";
                response.Headers.CacheControl = "no-cache";
                return TypedResults.Bytes(content, TypeOf(name), entityTag: tag);
            });
        }
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
}
