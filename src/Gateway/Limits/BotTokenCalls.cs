using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Transforms;

namespace Platform.Gateway.Limits;

/// <summary>Limits on <c>POST /api/auth/bot</c>, which a bot calls for every person, all from its own address.</summary>
/// <remarks>
/// Calls are counted by person and bot key, so that a stranger with a wrong key cannot use up anyone's calls. Wrong keys
/// are counted by network. Users compares a key before it counts as wrong, so a right key is never refused because of
/// wrong ones, even from behind the same proxy.
/// </remarks>
internal sealed class BotTokenCalls(IOptions<GatewayOptions> options) : IDisposable
{
    // A valid body is about thirty bytes. Users refuses larger ones, so the person in them does not matter.
    private const int LargestBody = 4096;

    /// <summary>How many keys of a network over its limit are compared at once. The rest wait, so a flood costs users little.</summary>
    private const int ConcurrentComparisons = 4;

    private readonly PartitionedRateLimiter<string> _wrongKeys = PartitionedRateLimiter.Create<string, string>(network =>
        CallerLimits.Window(network, CallerLimits.Share(options.Value.Limits.WrongBotKeys, options.Value), options.Value.Limits));

    private readonly PartitionedRateLimiter<string> _suspects = PartitionedRateLimiter.Create<string, string>(network =>
        RateLimitPartition.GetConcurrencyLimiter(network,
            _ => new ConcurrencyLimiterOptions { PermitLimit = ConcurrentComparisons, QueueLimit = int.MaxValue }));

    /// <summary>Hashes of keys that users accepted last time: they never wait. One for each bot.</summary>
    private readonly ConcurrentDictionary<string, bool> _rightKeys = new();

    /// <summary>Runs before the rate limiter and reads for which person the bot asks.</summary>
    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is not { PolicyName: LimitPolicies.BotTokens })
        {
            await next(context);
            return;
        }

        var (network, key) = (CallerKey.OfNetwork(context), HashOfKey(context));
        context.Features.Set(new BotCall(network, await ReadTelegramId(context.Request, context.RequestAborted)));
        using var slot = _rightKeys.ContainsKey(key) || !IsOverLimit(network) ? null : await _suspects.AcquireAsync(network, 1, context.RequestAborted);
        await next(context);

        if (context.Response.StatusCode is StatusCodes.Status200OK)
        {
            _rightKeys[key] = true;
        }
        else if (context.Features.Get<BotCall>() is { TooMany: { } refusal })
        {
            using (refusal)
            {
                context.Response.Clear();
                await CallerLimits.Refuse(context, refusal, options.Value.Limits);
            }
        }
    }

    /// <summary>A response transform: counts the keys that users refused before the answer is passed on.</summary>
    public ValueTask Count(ResponseTransformContext answer)
    {
        var context = answer.HttpContext;
        if (answer.ProxyResponse?.StatusCode is HttpStatusCode.Unauthorized && context.Features.Get<BotCall>() is { } botCall)
        {
            _rightKeys.TryRemove(HashOfKey(context), out _);
            var lease = _wrongKeys.AttemptAcquire(botCall.Network);
            if (lease.IsAcquired)
            {
                lease.Dispose();
            }
            else
            {
                botCall.TooMany = lease;
                answer.SuppressResponseBody = true;
            }
        }

        return ValueTask.CompletedTask;
    }

    public static string KeyOf(HttpContext context) =>
        context.Features.Get<BotCall>()?.TelegramId is { } telegramId ? $"bot:{HashOfKey(context)}:{telegramId}" : CallerKey.OfNetwork(context);

    private static string HashOfKey(HttpContext context) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers["X-Api-Key"].ToString())));

    private bool IsOverLimit(string network)
    {
        using var left = _wrongKeys.AttemptAcquire(network, permitCount: 0);
        return !left.IsAcquired;
    }

    private static async Task<long?> ReadTelegramId(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering(LargestBody);
        var body = new byte[LargestBody + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        request.Body.Position = 0;
        if (length > LargestBody)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(body.AsMemory(0, length));
            return json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("telegramId", out var id) && id.ValueKind is JsonValueKind.Number && id.TryGetInt64(out var telegramId)
                ? telegramId
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _wrongKeys.Dispose();
        _suspects.Dispose();
    }

    private sealed record BotCall(string Network, long? TelegramId)
    {
        /// <summary>Set when this call's wrong key exceeds the limit.</summary>
        public RateLimitLease? TooMany { get; set; }
    }
}
