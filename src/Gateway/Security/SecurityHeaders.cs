namespace Platform.Gateway.Security;

/// <summary>Headers that tell browsers how not to use an answer.</summary>
internal static class SecurityHeaders
{
    /// <summary>JSON loads nothing and is never framed.</summary>
    private const string ForData = "default-src 'none'; frame-ancestors 'none'";

    private const string ForLanding = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Swagger UI sets inline styles and embeds its icons in its style sheet.
    private const string ForDocs = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static Task Add(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var path = context.Request.Path;
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers.ContentSecurityPolicy = path == "/" ? ForLanding : path.StartsWithSegments("/docs", StringComparison.Ordinal) ? ForDocs : ForData;
            if (path.StartsWithSegments("/docs", StringComparison.Ordinal) is false && string.IsNullOrEmpty(headers.CacheControl))
            {
                // Answers contain personal data. A service may set its own value.
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    }
}
