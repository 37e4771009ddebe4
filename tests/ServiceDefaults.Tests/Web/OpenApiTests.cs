using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class OpenApiTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_OpenAPI_document_contains_types_examples_roles_and_refusals()
    {
        await using var service = await TestService.Start(_database, app =>
        {
            app.MapPost("/things/{userId}", Documented.Handle).RequireRole(Role.Staff).Idempotent<TestDb>()
                .WithSummary("Does a thing.")
                .WithExample(
                    new Documented.Request("Anna", new UserId(5), null),
                    new Documented.Response(new UserId(5), new Money(10.50m), new Points(12), Role.Staff, DateTimeOffset.UnixEpoch))
                .Refuses(PlatformErrors.RateLimited, new ErrorCode("code_expired", 410, "Ask again."));
            app.MapGet("/listed", Ok ([AllowedValues(null, "free", "premium")] string? type) => TypedResults.Ok()).AllowAnonymous().WithSummary("Lists.");
            app.MapPost("/others", OtherDocumented.Handle).AllowAnonymous().WithSummary("Does another thing.")
                .WithExample(new OtherDocumented.Request("Anna"), response: null);
        }, Ct, environment: "Development");
        using var client = service.Anyone;

        var document = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", Ct))!;

        var schemas = document["components"]!["schemas"]!.AsObject();
        schemas.Select(schema => schema.Key).Order()
            .ShouldBe(["DocumentedRequest", "DocumentedResponse", "OtherDocumentedRequest", "Problem", "Role", "TelegramId", "UserId"]);
        var response = schemas["DocumentedResponse"]!["properties"]!;
        response["id"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/UserId");
        response["price"]!["type"]!.GetValue<string>().ShouldBe("number");
        response["points"]!["type"]!.GetValue<string>().ShouldBe("integer");
        response["at"]!["format"]!.GetValue<string>().ShouldBe("date-time");
        schemas["Role"]!["enum"]!.ToJsonString().ShouldBe("""["guest","client","staff","admin","service"]""");
        foreach (var id in new[] { "UserId", "TelegramId" })
        {
            schemas[id]!["type"]!.GetValue<string>().ShouldBe("integer", id);
            schemas[id]!["format"]!.GetValue<string>().ShouldBe("int64", id);
        }

        var request = schemas["DocumentedRequest"]!;
        request["properties"]!["chat"]!["oneOf"]!.ToJsonString().ShouldBe("""[{"type":"null"},{"$ref":"#/components/schemas/TelegramId"}]""");
        request["required"]!.ToJsonString().ShouldBe("""["name","friend"]""");
        request["properties"]!["name"]!["type"]!.GetValue<string>().ShouldBe("string");
        request["properties"]!["name"]!["maxLength"]!.GetValue<int>().ShouldBe(5);
        request["properties"]!["city"]!["enum"]!.ToJsonString().ShouldBe("""["omsk","perm"]""");

        var operation = document["paths"]!["/things/{userId}"]!["post"]!;
        operation["summary"]!.GetValue<string>().ShouldBe("Does a thing.");
        operation["security"]![0]!["bearer"].ShouldNotBeNull();
        operation["requestBody"]!["content"]!["application/json"]!["example"]!["name"]!.GetValue<string>().ShouldBe("Anna");
        operation["responses"]!["200"]!["content"]!["application/json"]!["example"]!["price"]!.GetValue<decimal>().ShouldBe(10.50m);
        var parameters = operation["parameters"]!.AsArray();
        parameters.Select(parameter => parameter!["name"]!.GetValue<string>()).ShouldBe(["userId", "Idempotency-Key"]);
        parameters[0]!["schema"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/UserId");
        var codes = operation["responses"]!.AsObject()
            .Where(answer => answer.Value!["content"]?["application/problem+json"] is not null)
            .SelectMany(answer =>
                answer.Value!["content"]!["application/problem+json"]!["examples"]!.AsObject().Select(example => $"{answer.Key} {example.Key}"));
        codes.ShouldBe([
            "400 body_invalid", "400 validation_failed", "400 idempotency_key_invalid", "401 unauthenticated", "403 forbidden", "403 user_blocked",
            "410 code_expired", "413 body_too_large", "415 unsupported_media_type", "422 idempotency_key_reused", "429 rate_limited", "503 unavailable"]);
        document["paths"]!["/others"]!["post"]!["security"].ShouldBeNull();
        document["paths"]!["/listed"]!["get"]!["parameters"]![0]!["schema"]!["enum"]!.ToJsonString().ShouldBe("""["free","premium"]""");
    }
}

internal static class Documented
{
    public sealed record Request([property: StringLength(5)] string Name, UserId Friend, [AllowedValues(null, "omsk", "perm")] string? City,
        TelegramId? Chat = null);

    public sealed record Response(UserId Id, Money Price, Points Points, Role Role, DateTimeOffset At);

    public static Results<Ok<Response>, ProblemHttpResult> Handle(UserId userId, Request request, Caller caller) =>
        request.City is null
            ? TypedResults.Ok(new Response(userId, new Money(1), new Points(1), caller.Role, DateTimeOffset.UnixEpoch))
            : Problems.For(PlatformErrors.NotFound);
}

internal static class OtherDocumented
{
    public sealed record Request([property: StringLength(5)] string Name);

    public static Ok Handle(Request request) => request.Name.Length == 0 ? throw new ArgumentException(null, nameof(request)) : TypedResults.Ok();
}
