using System.Collections.Concurrent;
using Platform.Contracts;

namespace Platform.Bots.Gateway;

/// <summary>Tokens by which a bot acts for the people who write to it, kept for a few minutes.</summary>
/// <param name="bot">One of <see cref="Platform.Contracts.Bots.BotNames"/>.</param>
/// <param name="apiKey">What the bot proves itself with.</param>
internal sealed class GatewaySessions(string bot, string apiKey, GatewayHttp http, TimeProvider clock)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TelegramId, Session> _sessions = new();
    private long _sweptAt;

    public string Bot => bot;

    public GatewayHttp Http => http;

    public async Task<Session> Of(TelegramId person, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_sessions.TryGetValue(person, out var session) && session.Until > now)
        {
            return session;
        }

        Sweep(now);
        var tokens = await http.Send(
            () =>
            {
                var request = GatewayHttp.Request(HttpMethod.Post, "/api/auth/bot", new { telegramId = person }, token: null);
                request.Headers.Add("X-Api-Key", apiKey);
                return request;
            },
            GatewayHttp.ReadJson<Tokens>,
            ct);
        return _sessions[person] = new Session(tokens.AccessToken, now + KeepFor);
    }

    /// <summary>What the person may do has changed, or may have: the next call asks anew.</summary>
    public void Forget(TelegramId person) => _sessions.TryRemove(person, out _);

    private void Sweep(DateTimeOffset now)
    {
        var before = Interlocked.Read(ref _sweptAt);
        if (now.UtcTicks - before < SweepEvery.Ticks || Interlocked.CompareExchange(ref _sweptAt, now.UtcTicks, before) != before)
        {
            return;
        }

        foreach (var (person, session) in _sessions)
        {
            if (session.Until <= now)
            {
                _sessions.TryRemove(new KeyValuePair<TelegramId, Session>(person, session));
            }
        }
    }

    internal sealed record Session(string Token, DateTimeOffset Until)
    {
        // A record prints all its members, and one of these is a secret.
        public override string ToString() => nameof(Session);
    }

    private sealed record Tokens(string AccessToken);
}
