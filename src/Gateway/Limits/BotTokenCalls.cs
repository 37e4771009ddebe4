using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Limits;

/// <summary>
/// Limits on <c>POST /api/auth/bot</c>, which a bot calls for every person who writes to it, all from the bot's own address.
/// </summary>
/// <remarks>
/// What is counted is the person for whom a bot asks, together with the bot's key, so that a stranger with a wrong key
/// cannot use up somebody's calls. Whoever tries keys is counted by address, by the answers that say that a key was wrong.
/// </remarks>
internal sealed class BotTokenCalls(IOptions<GatewayOptions> options) : IDisposable
{
    // A right body is some thirty bytes; of a larger one the person does not matter, users refuses it.
    private const int LargestBody = 4096;

    private readonly PartitionedRateLimiter<string> _wrongKeys = PartitionedRateLimiter.Create<string, string>(address =>
        CallerLimits.Window(address, CallerLimits.Share(options.Value.Limits.WrongBotKeys, options.Value), options.Value.Limits));

    /// <summary>Runs before the rate limiter: it finds out for whom the bot asks.</summary>
    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is not { PolicyName: LimitPolicies.BotTokens })
        {
            await next(context);
            return;
        }

        var address = CallerKey.OfAddress(context);
        using (var open = _wrongKeys.AttemptAcquire(address, permitCount: 0))
        {
            if (!open.IsAcquired)
            {
                await CallerLimits.Refuse(context, open, options.Value.Limits);
                return;
            }
        }

        context.Features.Set(new Person(await ReadTelegramId(context.Request, context.RequestAborted)));
        await next(context);

        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            _wrongKeys.AttemptAcquire(address).Dispose();
        }
    }

    public static string KeyOf(HttpContext context)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers["X-Api-Key"].ToString())));
        return context.Features.Get<Person>()?.TelegramId is { } telegramId ? $"bot:{key}:{telegramId}" : CallerKey.OfAddress(context);
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

    public void Dispose() => _wrongKeys.Dispose();

    private sealed record Person(long? TelegramId);
}
