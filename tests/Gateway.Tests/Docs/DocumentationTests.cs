using System.Net;
using System.Text.Json;

namespace Platform.Gateway.Tests.Docs;

public sealed class DocumentationTests(KeysInDatabase keys, ProductionSettings production) : IClassFixture<KeysInDatabase>, IClassFixture<ProductionSettings>
{
    private const string Users = """
        {
          "openapi": "3.1.1",
          "info": { "title": "users", "version": "v1" },
          "paths": {
            "/api/users": { "post": { "operationId": "Register", "tags": [ "People" ], "summary": "Register", "responses": { "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Page" } } } } } } },
            "/api/users/by-telegram/{telegramId}": { "get": { "operationId": "Get", "summary": "A profile", "parameters": [ { "name": "telegramId", "in": "path" } ], "responses": {} } },
            "/api/auth/login": { "post": { "operationId": "Login", "tags": [ "Sign-in" ], "responses": {} } },
            "/internal/keys": { "get": { "responses": {} } }
          },
          "components": { "schemas": {
            "Page": { "type": "object", "properties": { "user": { "$ref": "#/components/schemas/Person" } } },
            "Person": { "type": "object" },
            "Refusal": { "type": "object", "properties": { "code": { "type": "string" } } } },
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } }
        }
        """;

    private const string Loyalty = """
        {
          "openapi": "3.1.1",
          "info": { "title": "loyalty", "version": "v1" },
          "paths": {
            "/api/loyalty/orders": { "post": { "operationId": "PlaceOrder", "responses": { "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Page" } } } } } } },
            "/api/loyalty/codes": { "post": { "operationId": "Get", "responses": {} } }
          },
          "components": { "schemas": {
            "Page": { "type": "array", "items": { "$ref": "#/components/schemas/Refusal" } },
            "Refusal": { "type": "object", "properties": { "code": { "type": "string" } } } },
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } }
        }
        """;

    [Fact]
    public async Task The_documents_of_all_services_are_merged_into_one()
    {
        await using var gateway = await Documented();

        var merged = (await gateway.Get("/openapi/v1.json")).Json;

        var paths = merged.GetProperty("paths");
        Names(paths).ShouldBe(
            [
                "/api/auth/login", "/api/loyalty/codes", "/api/loyalty/orders", "/api/users", "/api/users/by-telegram/{telegramId}",
                "/codes/generate", "/orders", "/users", "/users/{telegram_id}",
                // The gateway's own.
                "/api/users/me/export",
            ],
            ignoreOrder: true);
        Names(merged.GetProperty("components").GetProperty("schemas"))
            .ShouldBe(["LoyaltyPage", "UsersPage", "Person", "Refusal", "PersonalExportResponse", "Problem"], ignoreOrder: true);
        SchemaOf(paths, "/api/users").ShouldBe("#/components/schemas/UsersPage");
        SchemaOf(paths, "/api/loyalty/orders").ShouldBe("#/components/schemas/LoyaltyPage");
        Names(merged.GetProperty("components").GetProperty("securitySchemes")).ShouldBe(["bearer", "token"], ignoreOrder: true);
        merged.GetRawText().ShouldNotContain("\"#/components/schemas/Page\"");
        merged.GetProperty("info").GetProperty("description").GetString()!.ShouldContain("notifications");

        var ids = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count, string.Join(", ", ids));
    }

    [Fact]
    public async Task An_old_path_is_documented_as_a_deprecated_alias_of_the_current_one()
    {
        await using var gateway = await Documented();

        var paths = (await gateway.Get("/openapi/v1.json")).Json.GetProperty("paths");

        paths.GetProperty("/users").GetProperty("post").GetProperty("summary").GetString().ShouldBe("Register (the same as /api/users)");
        paths.GetProperty("/users").GetProperty("post").GetProperty("deprecated").GetBoolean().ShouldBeTrue();
        paths.GetProperty("/users").GetProperty("post").GetProperty("tags")[0].GetString().ShouldBe("Paths of the replaced systems");
        paths.GetProperty("/users/{telegram_id}").GetProperty("get").GetProperty("parameters")[0].GetProperty("name").GetString().ShouldBe("telegram_id");
    }

    [Fact]
    public async Task The_documentation_begins_with_sign_in_and_ends_with_the_paths_of_replaced_systems()
    {
        await using var gateway = await Documented();

        var merged = (await gateway.Get("/openapi/v1.json")).Json;

        merged.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString())
            .ShouldBe(["Sign-in", "People", "Paths of the replaced systems"]);
        var text = merged.GetProperty("info").GetProperty("description").GetString()!;
        text.ShouldContain("POST /api/auth/login");
        text.ShouldContain("Authorize");
        merged.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("description").GetString()!
            .ShouldContain("/api/auth/email/confirm");
    }

    [Fact]
    public async Task The_documentation_names_an_unreachable_service_and_shows_the_rest()
    {
        await using var gateway = await Documented();
        await gateway.Users.Stop();

        var merged = (await gateway.Get("/openapi/v1.json")).Json;

        merged.GetProperty("x-unreachable").EnumerateArray().Select(service => service.GetString())
            .ShouldBe(["billing", "courses", "letters", "notifications", "users"]);
        Names(merged.GetProperty("paths")).ShouldContain("/api/loyalty/orders");
        // Without a collision it keeps its name.
        Names(merged.GetProperty("components").GetProperty("schemas")).ShouldContain("Page");
    }

    [Fact]
    public async Task The_documentation_page_loads_nothing_from_other_sites()
    {
        await using var gateway = await Documented();

        var redirected = await gateway.Get("/docs");
        redirected.Status.ShouldBe(HttpStatusCode.MovedPermanently);
        var page = await gateway.Get("/docs/index.html");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldNotContain("https://");
        (await gateway.Get("/docs/index.js")).Text.ShouldContain("/openapi/v1.json");
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/index.html")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/gateway.json")]
    public async Task Documentation_is_not_served_outside_development(string path)
    {
        await using var gateway = await production.Start(keys, ("Proxies", "none"));

        (await gateway.Get(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        (await gateway.Get("/")).Text.ShouldNotContain("/docs");
    }

    private async Task<GatewayUnderTest> Documented()
    {
        var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.OpenApi = Json(Users);
        gateway.Loyalty.OpenApi = Json(Loyalty);
        return gateway;
    }

    private static RequestDelegate Json(string text) => context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(text);
    };

    private static IEnumerable<string> Names(JsonElement item) => item.EnumerateObject().Select(property => property.Name);

    private static string? SchemaOf(JsonElement paths, string path) => paths.GetProperty(path).GetProperty("post").GetProperty("responses")
        .GetProperty("201").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString();
}
