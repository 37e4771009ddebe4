using System.Net.Http.Headers;
using System.Net.Mime;

namespace Platform.Benchmarks.Load;

internal static class Requests
{
    private static readonly MediaTypeHeaderValue Json = new(MediaTypeNames.Application.Json);

    public static HttpRequestMessage Get(Uri address, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        Authorize(request, token);
        return request;
    }

    /// <summary>A call that changes something, with its own idempotency key.</summary>
    public static HttpRequestMessage Post(Uri address, string token, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) { Headers = { ContentType = Json } } };
        Authorize(request, token);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
        return request;
    }

    private static void Authorize(HttpRequestMessage request, string? token)
    {
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }
    }
}
