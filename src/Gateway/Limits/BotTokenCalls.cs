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

/// <summary>
/// Limits on <c>POST /api/auth/bot</c>, which a bot calls for every person who writes to it, all from the bot's own address.
/// </summary>
/// <remarks>
/// What is counted is the person for whom a bot asks, together with the bot's key, so that a stranger with a wrong key
/// cannot use up somebody's calls. Wrong keys are counted by the network that they come from. Users compares a key before any of that
/// counts against it, so a right key is never refused for wrong ones, even if a stranger sends those through the same proxy.
/// </remarks>
internal sealed class BotTokenCalls(IOptions<GatewayOptions> options) : IDisposable
{
    // A right body is some thirty bytes; of a larger one the person does not matter, users refuses it.
    private const int LargestBody = 4096;

    /// <summary>A network that has used up its wrong keys has so many compared at once; the others wait, so that a flood costs users little.</summary>
    private const int ComparedAtOnce = 4;

    private readonly PartitionedRateLimiter<string> _wrongKeys = PartitionedRateLimiter.Create<string, string>(network =>
        CallerLimits.Window(network, CallerLimits.Share(options.Value.Limits.WrongBotKeys, options.Value), options.Value.Limits));

    private readonly PartitionedRateLimiter<string> _suspects = PartitionedRateLimiter.Create<string, string>(network =>
        RateLimitPartition.GetConcurrencyLimiter(network, _ => new ConcurrencyLimiterOptions { PermitLimit = ComparedAtOnce, QueueLimit = int.MaxValue }));

    /// <summary>Hashes of the keys that users took the last time: they wait for nobody. There are as many as there are bots.</summary>
    private readonly ConcurrentDictionary<string, bool> _rightKeys = new();

    /// <summary>Runs before the rate limiter: it finds out for whom the bot asks.</summary>
    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is not { PolicyName: LimitPolicies.BotTokens })
        {
            await next(context);
            return;
        }

        var (network, key) = (CallerKey.OfNetwork(context), HashOfKey(context));
        context.Features.Set(new Asking(network, await ReadTelegramId(context.Request, context.RequestAborted)));
        using var turn = _rightKeys.ContainsKey(key) || !HasUsedUp(network) ? null : await _suspects.AcquireAsync(network, 1, context.RequestAborted);
        await next(context);

        if (context.Response.StatusCode is StatusCodes.Status200OK)
        {
            _rightKeys[key] = true;
        }
        else if (context.Features.Get<Asking>() is { TooMany: { } refusal })
        {
            using (refusal)
            {
                context.Response.Clear();
                await CallerLimits.Refuse(context, refusal, options.Value.Limits);
            }
        }
    }

    /// <summary>Part of the route's transforms: what users says of a key is counted before it is passed on.</summary>
    public ValueTask Count(ResponseTransformContext answer)
    {
        var context = answer.HttpContext;
        if (answer.ProxyResponse?.StatusCode is HttpStatusCode.Unauthorized && context.Features.Get<Asking>() is { } asking)
        {
            _rightKeys.TryRemove(HashOfKey(context), out _);
            var lease = _wrongKeys.AttemptAcquire(asking.Network);
            if (lease.IsAcquired)
            {
                lease.Dispose();
            }
            else
            {
                asking.TooMany = lease;
                answer.SuppressResponseBody = true;
            }
        }

        return ValueTask.CompletedTask;
    }

    public static string KeyOf(HttpContext context) =>
        context.Features.Get<Asking>()?.TelegramId is { } telegramId ? $"bot:{HashOfKey(context)}:{telegramId}" : CallerKey.OfNetwork(context);

    private static string HashOfKey(HttpContext context) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers["X-Api-Key"].ToString())));

    private bool HasUsedUp(string network)
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

    private sealed record Asking(string Network, long? TelegramId)
    {
        /// <summary>That there were too many wrong keys, when this is one more.</summary>
        public RateLimitLease? TooMany { get; set; }
    }
}
