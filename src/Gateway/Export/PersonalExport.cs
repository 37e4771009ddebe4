using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Gateway.Routing;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Export;

/// <summary>All that every service holds on the caller, gathered with their own token: no service gets to see more than they may.</summary>
/// <remarks>
/// Each service's part may be long, so it passes through as it comes. The answer begins when every service has begun its part; should one break
/// off after that, the connection is cut, so that nobody takes what came for the whole.
/// </remarks>
internal sealed partial class PersonalExport(
    IConfiguration configuration, ServiceAddresses addresses, IHttpClientFactory http, IOptions<GatewayOptions> options, TimeProvider clock,
    ILogger<PersonalExport> log)
{
    public const string HttpClientName = "export";

    /// <summary>Until a service begins its part.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Set on a route of each service that holds personal data: <c>GET /api/[service]/export</c>.</summary>
    private readonly string[] _services =
        [.. configuration.GetSection("ReverseProxy:Clusters").GetChildren().Select(cluster => cluster.Key).Where(service => addresses.Of(service).Count > 0)];

    /// <param name="Services">What each service holds, by its name.</param>
    public sealed record Response(DateTimeOffset ExportedAt, IReadOnlyDictionary<string, JsonElement> Services);

    public static void Map(WebApplication app) => app
        .MapGet("/api/users/me/export", (PersonalExport export, HttpContext context, CancellationToken ct) => export.Gather(context, ct))
        .WithName(nameof(PersonalExport))
        .WithTags("People")
        .WithSummary("All that the platform holds on the caller, from every service")
        .WithExample(request: null, new Response(
            new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero),
            new Dictionary<string, JsonElement> { ["users"] = JsonSerializer.SerializeToElement(new { fullName = "Анна Смирнова" }) }))
        .Produces<Response>()
        .Refuses(GatewayErrors.ExportIncomplete, PlatformErrors.RateLimited)
        .RequireRole(Role.Client)
        .EvenWhenBlocked()
        .RequireRateLimiting(Limits.LimitPolicies.Exports);

    private async Task<Results<PassOn, ProblemHttpResult>> Gather(HttpContext context, CancellationToken ct)
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

        // A part that is missing would be taken for one that is empty.
        return parts.Any(part => part.Answer is null)
            ? Problems.For(
                GatewayErrors.ExportIncomplete,
                new Dictionary<string, object?> { ["missing"] = parts.Where(part => part.Answer is null).Select(part => part.Service).ToArray() })
            : new PassOn(clock.GetUtcNow(), [.. parts.Select(part => (part.Service, part.Answer!))], options.Value.UpstreamTimeout, log);
    }

    /// <summary>The first of its replicas that answers.</summary>
    private async Task<HttpResponseMessage?> Ask(string service, AuthenticationHeaderValue authorization, CancellationToken ct)
    {
        using var client = http.CreateClient(HttpClientName);
        foreach (var replica in addresses.Of(service))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(replica, $"/api/{service}/export")) { Headers = { Authorization = authorization } };
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
                // The next replica, if there is one.
            }
        }

        return null;
    }

    /// <summary>Writes the parts into one document without reading them.</summary>
    private sealed partial class PassOn(
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

        [LoggerMessage(Level = LogLevel.Warning, Message = "A service broke off its part of a person's export, so the export was cut off.")]
        private partial void LogBrokeOff(Exception fault);
    }
}
