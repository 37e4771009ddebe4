using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Security;

/// <summary>Refuses requests that match no route by their shape: unknown methods, odd paths, headers that are too long.</summary>
/// <remarks>
/// A service decodes the path again, so a percent sign left after the gateway's decoding (<c>%252e</c>) would mean something
/// else there. No route contains one, nor any of the other forbidden characters.
/// </remarks>
internal static class RequestShape
{
    private const int LongestAddress = 8 * 1024;
    private const int LongestHeaders = 32 * 1024;
    private const int MostHeaders = 100;

    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options];

    private static readonly SearchValues<char> ForbiddenInPath = SearchValues.Create(
        [.. "%\\?#", .. Enumerable.Range(0, char.MaxValue + 1).Select(number => (char)number).Where(char.IsControl)]);

    /// <summary>The server's own refusals have no problem body, so it accepts four times as much and <see cref="Check"/> refuses.</summary>
    public static void RaiseServerLimits(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 4 * LongestAddress;
        limits.MaxRequestHeadersTotalSize = 4 * LongestHeaders;
        limits.MaxRequestHeaderCount = 4 * MostHeaders;
    }

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!Methods.Contains(request.Method))
        {
            context.Response.Headers.Allow = string.Join(", ", Methods);
            return Problems.For(PlatformErrors.MethodNotAllowed).ExecuteAsync(context);
        }

        if (request.Path.Value.AsSpan().ContainsAny(ForbiddenInPath))
        {
            return Problems.For(PlatformErrors.NotFound).ExecuteAsync(context);
        }

        if ((request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0) > LongestAddress)
        {
            return Problems.For(PlatformErrors.AddressTooLong).ExecuteAsync(context);
        }

        return request.Headers.Count > MostHeaders || SizeOf(request.Headers) > LongestHeaders
            ? Problems.For(PlatformErrors.HeadersTooLarge).ExecuteAsync(context)
            : next(context);
    }

    private static int SizeOf(IHeaderDictionary headers)
    {
        var size = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                size += name.Length + Encoding.UTF8.GetByteCount(value ?? "") + ": \r\n".Length;
            }
        }

        return size;
    }
}
