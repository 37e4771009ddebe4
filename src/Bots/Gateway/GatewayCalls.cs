using System.Net.Http.Headers;
using Platform.Bots.Conversations;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Bots.Gateway;

/// <summary>Calls the gateway in one person's name, for one update.</summary>
/// <param name="updateId">Part of the idempotency keys, so that an update handled twice takes effect once. Null for calls that only read.</param>
/// <param name="slot">Released during slow calls; null outside of a chat.</param>
internal sealed class GatewayCalls(GatewayTokens tokens, TelegramId person, long? updateId, Slot? slot = null)
{
    private int _writes;

    public Task<T> Get<T>(string path, CancellationToken ct) => SendJson<T>(HttpMethod.Get, path, body: null, ct);

    /// <param name="language">Of texts that the services write, such as <c>ru</c>.</param>
    public Task<T> Get<T>(string path, string language, CancellationToken ct) => Send<T>(
        token =>
        {
            var request = GatewayHttp.Request(HttpMethod.Get, path, body: null, token);
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
            return request;
        },
        ct);

    /// <summary>For content that is not parsed here, such as a picture.</summary>
    public Task<byte[]> GetBytes(string path, CancellationToken ct) => Send(
        token => GatewayHttp.Request(HttpMethod.Get, path, body: null, token), (content, reading) => content.ReadAsByteArrayAsync(reading), ct);

    /// <summary>An update must make its calls in the same order each time: the idempotency keys are numbered.</summary>
    public Task<T> Post<T>(string path, object? body, CancellationToken ct) => Send<T>(WithKey(path, body), ct);

    /// <param name="key">Idempotency key for something that happens once, whichever update asks for it.</param>
    public Task<T> Post<T>(string path, object? body, string key, CancellationToken ct) => Send<T>(WithKey(path, body, key), ct);

    /// <summary>Ignores the response body.</summary>
    public Task Post(string path, object? body, CancellationToken ct) => Send(WithKey(path, body), ReadNothing, ct);

    /// <summary>Idempotent, so it needs no key; like <see cref="Put"/> and <see cref="Delete"/>.</summary>
    public Task<T> Patch<T>(string path, object body, CancellationToken ct) => SendJson<T>(HttpMethod.Patch, path, body, ct);

    public Task<T> Put<T>(string path, object body, CancellationToken ct) => SendJson<T>(HttpMethod.Put, path, body, ct);

    public Task Delete(string path, CancellationToken ct) =>
        Send(token => GatewayHttp.Request(HttpMethod.Delete, path, body: null, token), ReadNothing, ct);

    /// <summary>For when the person's role has changed: they have just registered, say.</summary>
    public void InvalidateToken() => tokens.Invalidate(person);

    private static Task<bool> ReadNothing(HttpContent content, CancellationToken ct) => Task.FromResult(true);

    private Func<string, HttpRequestMessage> WithKey(string path, object? body) =>
        WithKey(path, body, $"{updateId ?? throw new InvalidOperationException("Only an update may change something.")}:{++_writes}");

    private Func<string, HttpRequestMessage> WithKey(string path, object? body, string key) => token =>
    {
        var request = GatewayHttp.Request(HttpMethod.Post, path, body, token);
        request.Headers.Add(Idempotency.Header, $"{tokens.Bot}:{key}");
        return request;
    };

    private Task<T> SendJson<T>(HttpMethod method, string path, object? body, CancellationToken ct) =>
        Send<T>(token => GatewayHttp.Request(method, path, body, token), ct);

    private Task<T> Send<T>(Func<string, HttpRequestMessage> createRequest, CancellationToken ct) => Send(createRequest, GatewayHttp.ReadJson<T>, ct);

    private Task<T> Send<T>(Func<string, HttpRequestMessage> createRequest, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        var answer = SendWithToken(createRequest, read, ct);
        return slot is null ? answer : slot.Await(answer, ct);
    }

    private async Task<T> SendWithToken<T>(
        Func<string, HttpRequestMessage> createRequest, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        var token = await tokens.Get(person, ct);
        try
        {
            return await tokens.Http.Send(() => createRequest(token), read, ct);
        }
        // The cached token may be older than the person's registration, their staff role or the signing keys.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.Forbidden, PlatformErrors.Unauthenticated))
        {
            tokens.Invalidate(person);
            var renewed = await tokens.Get(person, ct);
            return await tokens.Http.Send(() => createRequest(renewed), read, ct);
        }
        // A blocked person's token only gives access to their own data: after the block they need another.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.UserBlocked))
        {
            tokens.Invalidate(person);
            throw;
        }
    }
}
