using System.Net;
using System.Text.Json.Nodes;
using Platform.Testing;

namespace Platform.Users.Tests;

/// <summary>Who may call what, for every route of the service.</summary>
public sealed class RoutesTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static readonly (string Method, string Route, string Role)[] Guarded =
    [
        ("POST", "/api/users/", "guest"),
        ("GET", "/api/users/me", "client"),
        ("GET", "/api/users/by-telegram/{telegramId}", "guest"),
        ("POST", "/api/users/{id}/block", "admin"),
        ("POST", "/api/users/{id}/unblock", "admin"),
        ("POST", "/api/users/staff/", "admin"),
        ("DELETE", "/api/users/staff/{telegramId}", "admin"),
        ("GET", "/api/auth/me", "guest"),
    ];

    private static readonly (string Method, string Route)[] Open = 
    [
        ("GET", "/api/users/consent"), ("POST", "/api/auth/login"), ("POST", "/api/auth/bot"), ("POST", "/api/auth/refresh"),
    ];

    public static TheoryData<string, string, string> GuardedRoutes =>
        [.. Guarded.Select(route => new TheoryDataRow<string, string, string>(route.Method, route.Route, route.Role))];

    [Fact]
    public void Every_route_is_on_one_of_the_lists()
    {
        var mapped = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => (method, endpoint.RoutePattern.RawText!)));

        mapped.ShouldBe(Guarded.Select(route => (route.Method, route.Route)).Concat(Open), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(GuardedRoutes))]
    public async Task Nobody_gets_in_without_a_token(string method, string route, string role)
    {
        _ = role;
        (await Call(method, route, token: null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [MemberData(nameof(GuardedRoutes))]
    public async Task Nobody_gets_in_with_a_lower_role(string method, string route, string role)
    {
        var lower = role switch
        {
            "admin" => new[] { await app.TokenByBot(UsersApp.NewTelegramId()), (await app.GivenPerson()).Token, await app.GivenStaff() },
            "client" => [await app.TokenByBot(UsersApp.NewTelegramId())],
            _ => [],
        };

        foreach (var token in lower)
        {
            (await Call(method, route, token)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task Every_operation_is_documented_with_summary_examples_and_refusals()
    {
        var document = JsonNode.Parse((await app.Get("/openapi/v1.json")).Body)!;
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (Name: $"{operation.Key} {path.Key}", Operation: operation.Value!)))
            .Where(operation => operation.Name.Contains("/api/", StringComparison.Ordinal))
            .ToList();

        operations.Count.ShouldBe(Guarded.Length + Open.Length);
        foreach (var (name, operation) in operations)
        {
            operation["summary"].ShouldNotBeNull(name);
            if (operation["requestBody"] is { } body)
            {
                body["content"]!["application/json"]!["example"].ShouldNotBeNull(name);
            }

            var success = operation["responses"]!.AsObject().Single(response => response.Key.StartsWith('2')).Value!;
            if (success["content"] is { } content)
            {
                content["application/json"]!["example"].ShouldNotBeNull(name);
            }

            operation["responses"]!.AsObject().ShouldContain(response => response.Key.StartsWith('4'), name);
        }
    }

    private Task<Answer> Call(string method, string route, string? token)
    {
        var address = route.Replace("{telegramId}", "1001", StringComparison.Ordinal).Replace("{id}", "5", StringComparison.Ordinal);
        return method switch
        {
            "POST" => app.Post(address, new { }, token),
            "DELETE" => app.Delete(address, token),
            _ => app.Get(address, token),
        };
    }
}
