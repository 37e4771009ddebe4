using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Bots.Gateway;

/// <summary>What one update of one person has the gateway do, in his name.</summary>
/// <param name="updateId">Part of the idempotency keys: the same update handled again does nothing twice. Null for calls that only read.</param>
internal sealed class GatewayCalls(GatewaySessions sessions, TelegramId person, long? updateId)
{
    private int _writes;

    public Task<T> Get<T>(string path, CancellationToken ct) => InHisName<T>(token => GatewayHttp.Request(HttpMethod.Get, path, body: null, token), ct);

    /// <summary>The calls of one update must come in the same order each time: their keys are numbered.</summary>
    public Task<T> Post<T>(string path, object? body, CancellationToken ct)
    {
        var key = $"{sessions.Bot}:{updateId ?? throw new InvalidOperationException("Only an update may change something.")}:{++_writes}";
        return InHisName<T>(
            token =>
            {
                var request = GatewayHttp.Request(HttpMethod.Post, path, body, token);
                request.Headers.Add(Idempotency.Header, key);
                return request;
            },
            ct);
    }

    /// <summary>He has just become somebody else to the gateway, such as a client.</summary>
    public void ForgetSession() => sessions.Forget(person);

    private async Task<T> InHisName<T>(Func<string, HttpRequestMessage> describe, CancellationToken ct)
    {
        var session = await sessions.Of(person, ct);
        try
        {
            return await sessions.Http.Send<T>(() => describe(session.Token), ct);
        }
        // The token may be from before he registered, or was made a member of the staff, or from before the keys changed.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.Forbidden.Code || refused.Code == PlatformErrors.Unauthenticated.Code)
        {
            sessions.Forget(person);
            var renewed = await sessions.Of(person, ct);
            return await sessions.Http.Send<T>(() => describe(renewed.Token), ct);
        }
    }
}
