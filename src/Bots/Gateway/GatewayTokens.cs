using System.Collections.Concurrent;
using Platform.Contracts;

namespace Platform.Bots.Gateway;

/// <summary>A cache of the tokens with which a bot acts for people.</summary>
/// <param name="bot">One of <see cref="Platform.Contracts.Bots.BotNames"/>.</param>
internal sealed class GatewayTokens(string bot, string apiKey, GatewayHttp http, TimeProvider clock)
{
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TelegramId, CachedToken> _tokens = new();
    private long _cleanedUpAt;

    public string Bot => bot;

    public GatewayHttp Http => http;

    public async Task<string> Get(TelegramId person, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_tokens.TryGetValue(person, out var cached) && cached.Until > now)
        {
            return cached.Token;
        }

        RemoveExpired(now);
        var tokens = await http.Send(
            () =>
            {
                var request = GatewayHttp.Request(HttpMethod.Post, "/api/auth/bot", new { telegramId = person }, token: null);
                request.Headers.Add("X-Api-Key", apiKey);
                return request;
            },
            GatewayHttp.ReadJson<Tokens>,
            ct);
        _tokens[person] = new CachedToken(tokens.AccessToken, now + CacheLifetime);
        return tokens.AccessToken;
    }

    /// <summary>For when the person's role may have changed: the next call gets a new token.</summary>
    public void Invalidate(TelegramId person) => _tokens.TryRemove(person, out _);

    private void RemoveExpired(DateTimeOffset now)
    {
        var before = Interlocked.Read(ref _cleanedUpAt);
        if (now.UtcTicks - before < CleanupInterval.Ticks || Interlocked.CompareExchange(ref _cleanedUpAt, now.UtcTicks, before) != before)
        {
            return;
        }

        foreach (var (person, cached) in _tokens)
        {
            if (cached.Until <= now)
            {
                _tokens.TryRemove(new KeyValuePair<TelegramId, CachedToken>(person, cached));
            }
        }
    }

    private sealed record CachedToken(string Token, DateTimeOffset Until)
    {
        // The generated one would print the token.
        public override string ToString() => nameof(CachedToken);
    }

    private sealed record Tokens(string AccessToken);
}
