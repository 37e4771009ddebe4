using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Gateway.Routing;
using Platform.ServiceDefaults.Web;

namespace Platform.Gateway.Export;

/// <summary>All that every service holds on the caller, gathered with his own token: no service gets to see more than he may.</summary>
internal sealed class PersonalExport(IConfiguration configuration, ServiceAddresses addresses, IHttpClientFactory http, TimeProvider clock)
{
    public const string HttpClientName = "export";

    /// <summary>Set on a route of each service that holds personal data: <c>GET /api/[service]/export</c>.</summary>
    private readonly string[] _services =
        [.. configuration.GetSection("ReverseProxy:Clusters").GetChildren().Select(cluster => cluster.Key).Where(service => addresses.Of(service).Count > 0)];

    /// <param name="Services">What each service holds, by its name.</param>
    public sealed record Response(DateTimeOffset ExportedAt, IReadOnlyDictionary<string, JsonElement> Services);

    public static void Map(WebApplication app) => app
        .MapGet("/api/users/me/export", (PersonalExport export, HttpContext context, CancellationToken ct) => export.Gather(context, ct))
        .WithName(nameof(PersonalExport))
        .WithSummary("All that the platform holds on the caller, from every service")
        .WithExample(request: null, new Response(
            new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero),
            new Dictionary<string, JsonElement> { ["users"] = JsonSerializer.SerializeToElement(new { fullName = "Анна Смирнова" }) }))
        .Refuses(GatewayErrors.ExportIncomplete)
        .RequireRole(Role.Client)
        .EvenWhenBlocked()
        .RequireRateLimiting(Limits.LimitPolicies.General);

    private async Task<Results<Ok<Response>, ProblemHttpResult>> Gather(HttpContext context, CancellationToken ct)
    {
        var authorization = AuthenticationHeaderValue.Parse(context.Request.Headers.Authorization.ToString());
        var parts = await Task.WhenAll(_services.Select(async service => (Service: service, Part: await Ask(service, authorization, ct))));
        // A part that is missing would be taken for one that is empty.
        return parts.Any(part => part.Part is null)
            ? Problems.For(
                GatewayErrors.ExportIncomplete,
                new Dictionary<string, object?> { ["missing"] = parts.Where(part => part.Part is null).Select(part => part.Service).ToArray() })
            : TypedResults.Ok(new Response(clock.GetUtcNow(), parts.ToDictionary(part => part.Service, part => part.Part!.Value)));
    }

    /// <summary>The first of its replicas that answers.</summary>
    private async Task<JsonElement?> Ask(string service, AuthenticationHeaderValue authorization, CancellationToken ct)
    {
        using var client = http.CreateClient(HttpClientName);
        foreach (var replica in addresses.Of(service))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(replica, $"/api/{service}/export")) { Headers = { Authorization = authorization } };
            try
            {
                using var answer = await client.SendAsync(request, ct);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or JsonException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // The next replica, if there is one.
            }
        }

        return null;
    }
}
