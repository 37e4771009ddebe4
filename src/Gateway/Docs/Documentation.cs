using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Gateway.Routing;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace Platform.Gateway.Docs;

/// <summary><c>/docs</c>: Swagger UI over one document merged from those of the services. Development only.</summary>
internal static class Documentation
{
    public const string HttpClientName = "docs";

    private const string Address = "/openapi/v1.json";

    public static void UseDocumentation(this WebApplication app)
    {
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Platform API";
            page.SwaggerEndpoint(Address, "Platform");
        });
        app.MapGet(Address, ReadMerged).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadMerged(
        IProxyStateLookup proxy, ServiceAddresses addresses, IHttpClientFactory http,
        [FromKeyedServices("v1")] IOpenApiDocumentProvider own, CancellationToken ct)
    {
        // A service without a route cannot be called from outside.
        var services = proxy.GetRoutes().Select(route => route.Config.ClusterId!).Distinct().Order(StringComparer.Ordinal).ToList();
        var documents = await Task.WhenAll(services.Select(service => Read(addresses.Of(service), http, ct)));

        var merged = new MergedOpenApi();
        var ownDocument = await own.GetOpenApiDocumentAsync(ct);
        merged.Add("gateway", JsonNode.Parse(await ownDocument.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct))!.AsObject());
        foreach (var (service, document) in services.Zip(documents))
        {
            if (document is null)
            {
                merged.AddUnreachable(service);
            }
            else
            {
                merged.Add(service, document);
            }
        }

        return TypedResults.Json(merged.Build(proxy.GetRoutes().SelectMany(route => Aliases(route.Config))));
    }

    private static async Task<JsonObject?> Read(IReadOnlyList<Uri> replicas, IHttpClientFactory http, CancellationToken ct)
    {
        using var client = http.CreateClient(HttpClientName);
        foreach (var replica in replicas)
        {
            try
            {
                return await client.GetFromJsonAsync<JsonObject>(new Uri(replica, Address), ct);
            }
            catch (Exception fault)
                when (fault is HttpRequestException or JsonException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // Every replica has the same document. If none answers, the merged document names the service as unreachable.
            }
        }

        return null;
    }

    /// <summary>The routes that rewrite an old path to a current one.</summary>
    private static IEnumerable<(string Path, string Method, string Target)> Aliases(RouteConfig route) =>
        from transform in route.Transforms ?? []
        let target = transform.GetValueOrDefault("PathSet") ?? transform.GetValueOrDefault("PathPattern")
        where target is not null && route.Match.Path is not null
        from method in route.Match.Methods ?? []
        select (route.Match.Path!, method.ToLowerInvariant(), target);
}
