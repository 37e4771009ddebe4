using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Limits;

/// <summary>How many calls a caller may make. Counted in memory, so each replica allows its share.</summary>
internal static class CallerLimits
{
    public static void AddCallerLimits(this IServiceCollection services)
    {
        services.AddSingleton<BotTokenCalls>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<GatewayOptions>>((limiter, gateway) => AddPolicies(limiter, gateway.Value));
    }

    private static void AddPolicies(RateLimiterOptions limiter, GatewayOptions gateway)
    {
        var limits = gateway.Limits;
        limiter.OnRejected = (refused, _) => Refuse(refused.HttpContext, refused.Lease, limits);

        limiter.AddPolicy(LimitPolicies.General, call => IsRead(call)
            ? Window(("read", CallerKey.Of(call)), Share(limits.Reads, gateway), limits)
            : Window(("write", CallerKey.Of(call)), Share(limits.Writes, gateway), limits));
        limiter.AddPolicy(LimitPolicies.ProfileReads, call => Window(CallerKey.Of(call), Share(limits.ProfileReads, gateway), limits));
        limiter.AddPolicy(LimitPolicies.Registrations, call => Window(CallerKey.Of(call), limits.Registrations, limits));
        limiter.AddPolicy(LimitPolicies.Logins, call => Window(CallerKey.Of(call), limits.Logins, limits));
        limiter.AddPolicy(LimitPolicies.Exports, call => Window(CallerKey.Of(call), Share(limits.Exports, gateway), limits, limits.ExportWindow));
        limiter.AddPolicy(LimitPolicies.BotTokens, call => Window(BotTokenCalls.KeyOf(call), Share(limits.BotTokens, gateway), limits));
    }

    /// <param name="window">Default: <see cref="CallLimits.Window"/>.</param>
    public static RateLimitPartition<TKey> Window<TKey>(TKey key, int permits, CallLimits limits, TimeSpan? window = null) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = window ?? limits.Window });

    /// <summary>This replica's share, at least one call: with many gateways it would otherwise be zero.</summary>
    public static int Share(int permits, GatewayOptions gateway) => Math.Max(1, permits / gateway.Replicas);

    public static async ValueTask Refuse(HttpContext context, RateLimitLease lease, CallLimits limits)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : limits.Window;
        await Problems.For(PlatformErrors.RateLimited, retryAfter: wait).ExecuteAsync(context);
    }

    private static bool IsRead(HttpContext call) =>
        HttpMethods.IsGet(call.Request.Method) || HttpMethods.IsHead(call.Request.Method) || HttpMethods.IsOptions(call.Request.Method);
}
