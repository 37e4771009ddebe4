using Platform.Bots.Conversations;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Bots.Gateway;

/// <summary>What one update of one person has the gateway do, in his name.</summary>
/// <param name="updateId">Part of the idempotency keys: the same update handled again does nothing twice. Null for calls that only read.</param>
/// <param name="place">Of the chat that waits for the answers; null for what is no chat.</param>
internal sealed class GatewayCalls(GatewaySessions sessions, TelegramId person, long? updateId, Place? place = null)
{
    private int _writes;

    public Task<T> Get<T>(string path, CancellationToken ct) => Call<T>(HttpMethod.Get, path, body: null, ct);

    /// <summary>What is no JSON for the bot to read: a picture, or a document for the person himself.</summary>
    public Task<byte[]> GetBytes(string path, CancellationToken ct) => InHisName(
        token => GatewayHttp.Request(HttpMethod.Get, path, body: null, token), (content, reading) => content.ReadAsByteArrayAsync(reading), ct);

    /// <summary>The calls of one update must come in the same order each time: their keys are numbered.</summary>
    public Task<T> Post<T>(string path, object? body, CancellationToken ct) => InHisName<T>(WithKey(path, body), ct);

    /// <param name="key">Of what is to be done once, whichever update asks for it.</param>
    public Task<T> Post<T>(string path, object? body, string key, CancellationToken ct) => InHisName<T>(WithKey(path, body, key), ct);

    /// <summary>For an answer in which there is nothing to read.</summary>
    /// <inheritdoc cref="Post{T}(string, object?, CancellationToken)"/>
    public Task Post(string path, object? body, CancellationToken ct) => InHisName(WithKey(path, body), ReadNothing, ct);

    /// <summary>Done twice it leaves what it leaves done once, so it needs no key; as <see cref="Put"/> and <see cref="Delete"/>.</summary>
    public Task<T> Patch<T>(string path, object body, CancellationToken ct) => Call<T>(HttpMethod.Patch, path, body, ct);

    public Task<T> Put<T>(string path, object body, CancellationToken ct) => Call<T>(HttpMethod.Put, path, body, ct);

    public Task Delete(string path, CancellationToken ct) =>
        InHisName(token => GatewayHttp.Request(HttpMethod.Delete, path, body: null, token), ReadNothing, ct);

    /// <summary>He has just become somebody else to the gateway, such as a client.</summary>
    public void ForgetSession() => sessions.Forget(person);

    private static Task<bool> ReadNothing(HttpContent content, CancellationToken ct) => Task.FromResult(true);

    private Func<string, HttpRequestMessage> WithKey(string path, object? body) =>
        WithKey(path, body, $"{updateId ?? throw new InvalidOperationException("Only an update may change something.")}:{++_writes}");

    private Func<string, HttpRequestMessage> WithKey(string path, object? body, string key) => token =>
    {
        var request = GatewayHttp.Request(HttpMethod.Post, path, body, token);
        request.Headers.Add(Idempotency.Header, $"{sessions.Bot}:{key}");
        return request;
    };

    private Task<T> Call<T>(HttpMethod method, string path, object? body, CancellationToken ct) =>
        InHisName<T>(token => GatewayHttp.Request(method, path, body, token), ct);

    private Task<T> InHisName<T>(Func<string, HttpRequestMessage> describe, CancellationToken ct) => InHisName(describe, GatewayHttp.ReadJson<T>, ct);

    private Task<T> InHisName<T>(Func<string, HttpRequestMessage> describe, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        var answer = Ask(describe, read, ct);
        return place is null ? answer : place.During(answer, ct);
    }

    private async Task<T> Ask<T>(Func<string, HttpRequestMessage> describe, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        var session = await sessions.Of(person, ct);
        try
        {
            return await sessions.Http.Send(() => describe(session.Token), read, ct);
        }
        // The token may be from before he registered, or was made a member of the staff, or from before the keys changed.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.Forbidden.Code || refused.Code == PlatformErrors.Unauthenticated.Code)
        {
            sessions.Forget(person);
            var renewed = await sessions.Of(person, ct);
            return await sessions.Http.Send(() => describe(renewed.Token), read, ct);
        }
        // A blocked person's token is good for their own data only: once they are let in again, the next call needs another.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.UserBlocked.Code)
        {
            sessions.Forget(person);
            throw;
        }
    }
}
