namespace Platform.Gateway.Security;

/// <summary>Headers that keep browsers from doing with an answer what it is not meant for.</summary>
internal static class SecurityHeaders
{
    /// <summary>JSON loads nothing and stands in no frame.</summary>
    private const string ForData = "default-src 'none'; frame-ancestors 'none'";

    private const string ForLanding = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Swagger UI sets styles on its elements and carries its icons in its style sheet.
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
                // Answers are about people; a service that knows better says so itself.
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    }
}
