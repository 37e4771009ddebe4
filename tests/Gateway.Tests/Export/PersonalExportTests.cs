using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Platform.Gateway.Tests.Export;

public sealed class PersonalExportTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    private const string Address = "/api/users/me/export";

    private static readonly HttpClient Client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_joins_the_parts_of_all_services_into_one_document()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = context => context.Response.WriteAsJsonAsync(new { fullName = "Анна \"Аня\" Смирнова" });
        int[] orders = [1, 2];
        gateway.Loyalty.Answer = context => context.Response.WriteAsJsonAsync(new { orders });
        var token = gateway.ClientToken(5);

        var answer = await gateway.Get(Address, token);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        answer.Json.GetProperty("exportedAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        var services = answer.Json.GetProperty("services");
        services.EnumerateObject().Select(part => part.Name).ShouldBe(["users", "loyalty", "notifications"], ignoreOrder: true);
        services.GetProperty("users").GetProperty("fullName").GetString().ShouldBe("Анна \"Аня\" Смирнова");
        services.GetProperty("loyalty").GetProperty("orders")[1].GetInt32().ShouldBe(2);
        gateway.Loyalty.Calls.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe($"Bearer {token}");
    }

    [Fact]
    public async Task An_export_is_refused_and_names_the_missing_parts_when_a_service_fails()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Loyalty.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        gateway.Notifications.Answer = context => context.Response.WriteAsync("<html>a proxy's page</html>");

        var answer = await gateway.Get(Address, gateway.ClientToken(5));

        answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "export_incomplete");
        answer.Json.GetProperty("missing").EnumerateArray().Select(service => service.GetString()).ShouldBe(["loyalty", "notifications"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_long_part_of_an_export_is_streamed()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        var seen = new TaskCompletionSource();
        gateway.Users.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("[\"the beginning\"");
            await context.Response.Body.FlushAsync();
            await seen.Task;
            await context.Response.WriteAsync(",\"the end\"]");
        };

        using var response = await StartExport(gateway);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
        var beginning = new StringBuilder();
        while (!beginning.ToString().Contains("the beginning"))
        {
            beginning.Append((char)reader.Read());
        }

        seen.SetResult();
        (beginning + await reader.ReadToEndAsync(Ct)).ShouldContain("[\"the beginning\",\"the end\"]");
    }

    [Fact]
    public async Task An_export_is_cut_off_when_a_part_breaks_off_or_stalls()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:UpstreamTimeout", "00:00:03"));
        async Task Begin(HttpContext context)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("[1");
            await context.Response.Body.FlushAsync();
        }

        RequestDelegate[] broken =
        [
            async context =>
            {
                await Begin(context);
                context.Abort();
            },
            async context =>
            {
                await Begin(context);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            },
        ];
        foreach (var answer in broken)
        {
            gateway.Notifications.Answer = answer;
            using var response = await StartExport(gateway);

            await Should.ThrowAsync<Exception>(async () => await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Ct));
        }
    }

    [Fact]
    public async Task Exports_are_limited_per_person_and_hour()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:Limits:Exports", "5"));
        for (var export = 0; export < 5; export++)
        {
            (await gateway.Get(Address, gateway.ClientToken(5, 1001))).Status.ShouldBe(HttpStatusCode.OK);
        }

        var refused = await gateway.Get(Address, gateway.ClientToken(5, 1001));
        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.RetryAfter.ShouldBeInRange(61, 3600);
        gateway.Loyalty.Calls.Count.ShouldBe(5);
        (await gateway.Get(Address, gateway.ClientToken(6, 1002))).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/api/users/me", gateway.ClientToken(5, 1001))).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> StartExport(GatewayUnderTest gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, Address));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.ClientToken(5));
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }
}
