using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Gateway.Routing;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Export;

/// <summary>Everything that the services store about the caller, collected with the caller's own token.</summary>
/// <remarks>
/// The parts may be long, so they are streamed through. The answer begins once every service has begun its part. If one
/// breaks off after that, the connection is cut so that no one mistakes a partial export for the whole.
/// </remarks>
internal sealed partial class PersonalExport(
    IConfiguration configuration, ServiceAddresses addresses, IHttpClientFactory http, IOptions<GatewayOptions> options, TimeProvider clock,
    ILogger<PersonalExport> log)
{
    public const string HttpClientName = "export";

    /// <summary>How long a service may take to begin its part.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The services that have an address. Each answers <c>GET /api/[service]/export</c>.</summary>
    private readonly string[] _services =
        [.. configuration.GetSection("ReverseProxy:Clusters").GetChildren().Select(cluster => cluster.Key).Where(service => addresses.Of(service).Count > 0)];

    /// <param name="Services">What each service stores, by service name.</param>
    public sealed record Response(DateTimeOffset ExportedAt, IReadOnlyDictionary<string, JsonElement> Services);

    public static void Map(WebApplication app) => app
        .MapGet("/api/users/me/export", (PersonalExport export, HttpContext context, CancellationToken ct) => export.Gather(context, ct))
        .WithName(nameof(PersonalExport))
        .WithTags("People")
        .WithSummary("Everything the platform stores about the caller, from every service")
        .WithExample(request: null, new Response(
            new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero),
            new Dictionary<string, JsonElement> { ["users"] = JsonSerializer.SerializeToElement(new { fullName = "Анна Смирнова" }) }))
        .Produces<Response>()
        .Refuses(GatewayErrors.ExportIncomplete, PlatformErrors.RateLimited)
        .RequireRole(Role.Client)
        .AllowBlocked()
        .RequireRateLimiting(Limits.LimitPolicies.Exports);

    private async Task<Results<StreamedExport, ProblemHttpResult>> Gather(HttpContext context, CancellationToken ct)
    {
        var authorization = AuthenticationHeaderValue.Parse(context.Request.Headers.Authorization.ToString());
        var parts = await Task.WhenAll(_services.Select(async service => (Service: service, Answer: await Ask(service, authorization, ct))));
        foreach (var (_, answer) in parts)
        {
            if (answer is not null)
            {
                context.Response.RegisterForDispose(answer);
            }
        }

        // Without this check a missing part would look like an empty one.
        return parts.Any(part => part.Answer is null)
            ? Problems.For(
                GatewayErrors.ExportIncomplete,
                new Dictionary<string, object?> { ["missing"] = parts.Where(part => part.Answer is null).Select(part => part.Service).ToArray() })
            : new StreamedExport(clock.GetUtcNow(), [.. parts.Select(part => (part.Service, part.Answer!))], options.Value.UpstreamTimeout, log);
    }

    /// <summary>The answer of the first replica that gives one.</summary>
    private async Task<HttpResponseMessage?> Ask(string service, AuthenticationHeaderValue authorization, CancellationToken ct)
    {
        using var client = http.CreateClient(HttpClientName);
        foreach (var replica in addresses.Of(service))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(replica, $"/api/{service}/export"))
                { Headers = { Authorization = authorization } };
            try
            {
                var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                if (answer.StatusCode is HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == "application/json")
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // Try the next replica, if there is one.
            }
        }

        return null;
    }

    /// <summary>Copies the parts into one document without parsing them.</summary>
    private sealed partial class StreamedExport(
        DateTimeOffset exportedAt, IReadOnlyList<(string Service, HttpResponseMessage Answer)> parts, TimeSpan longestSilence, ILogger log) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
            response.ContentType = "application/json; charset=utf-8";
            try
            {
                await response.WriteAsync($$"""{"exportedAt":{{JsonSerializer.Serialize(exportedAt.UtcDateTime)}},"services":{""", ct);
                for (var number = 0; number < parts.Count; number++)
                {
                    await response.WriteAsync($"{(number == 0 ? "" : ",")}\"{parts[number].Service}\":", ct);
                    await Copy(parts[number].Answer, response.Body, ct);
                }

                await response.WriteAsync("}}", ct);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                LogBrokeOff(fault);
                httpContext.Abort();
            }
        }

        private async Task Copy(HttpResponseMessage part, Stream to, CancellationToken ct)
        {
            await using var from = await part.Content.ReadAsStreamAsync(ct);
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var buffer = new byte[16 * 1024];
            while (true)
            {
                silence.CancelAfter(longestSilence);
                var length = await from.ReadAsync(buffer, silence.Token);
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                if (length == 0)
                {
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, length), ct);
            }
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "A service broke off its part of a personal export; the connection was closed.")]
        private partial void LogBrokeOff(Exception fault);
    }
}
