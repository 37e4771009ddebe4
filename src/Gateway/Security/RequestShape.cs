using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Security;

/// <summary>Refuses what no call here looks like, before anything else looks at it: odd methods, odd paths, too long a head.</summary>
/// <remarks>
/// A service reads the path a second time, after the gateway has: a percent sign that is left after the first reading (<c>%252e</c>) would be
/// something else to it. No path of ours has one, nor any other of these signs.
/// </remarks>
internal static class RequestShape
{
    private const int LongestAddress = 8 * 1024;
    private const int LongestHeaders = 32 * 1024;
    private const int MostHeaders = 100;

    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options];

    private static readonly SearchValues<char> InNoPath = SearchValues.Create(
        [.. "%\\?#", .. Enumerable.Range(0, char.MaxValue + 1).Select(number => (char)number).Where(char.IsControl)]);

    /// <summary>The server's own refusals have no body, so it takes four times as much; the services take twice, with what the gateway adds.</summary>
    public static void LeaveRefusingToIt(KestrelServerLimits limits)
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

        if (request.Path.Value.AsSpan().ContainsAny(InNoPath))
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
