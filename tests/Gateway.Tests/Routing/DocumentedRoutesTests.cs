using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.Testing;

namespace Platform.Gateway.Tests.Routing;

/// <summary>The routes of the services as their committed OpenAPI documents list them.</summary>
public sealed partial class DocumentedRoutesTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    /// <summary>Only the gateway calls the bots, for their part of an export.</summary>
    private const string NotForCallers = "Bots";

    public static TheoryData<string> Services =>
        [.. Directory.GetDirectories(Repository.PathOf("tests")).Where(tests => File.Exists(Document(tests)))
            .Select(tests => Path.GetFileName(tests).Split('.')[0])
            .Where(project => project != NotForCallers).Order()];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_documented_route_of_a_service_is_reachable_through_the_gateway(string project)
    {
        await using var service = await Upstream.Start();
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ($"services:{project.ToLowerInvariant()}:http:0", service.Address.ToString()));
        var routes = Routes(project);
        routes.ShouldNotBeEmpty();

        foreach (var (method, path, isOpen) in routes)
        {
            var answer = await gateway.Send(new HttpMethod(method), path, isOpen ? null : gateway.ClientToken(5, 1001), body: null);
            answer.Status.ShouldBe(HttpStatusCode.OK, $"{method} {path}");
        }

        service.Calls.Select(call => (call.Method, call.Path)).ShouldBe(routes.Select(route => (route.Method, route.Path)));
    }

    [Fact]
    public async Task No_gateway_route_leads_to_the_bots()
    {
        await using var service = await Upstream.Start();
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("services:bots:http:0", service.Address.ToString()));

        foreach (var (method, path, _) in Routes(NotForCallers))
        {
            var answer = await gateway.Send(new HttpMethod(method), path, gateway.ClientToken(5, 1001), body: null);
            answer.ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        }

        service.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void Every_documented_route_is_under_api() =>
        Services.SelectMany(project => Routes(project.Data)).ShouldAllBe(route => route.Path.StartsWith("/api/", StringComparison.Ordinal));

    private static IReadOnlyList<(string Method, string Path, bool IsOpen)> Routes(string project) =>
        [.. from path in JsonNode.Parse(File.ReadAllText(Document(Repository.PathOf("tests", $"{project}.Tests"))))!["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select (operation.Key.ToUpperInvariant(), Parameter().Replace(path.Key, "17"), operation.Value!["security"] is null)];

    private static string Document(string tests) => Path.Combine(tests, "openapi.json");

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
