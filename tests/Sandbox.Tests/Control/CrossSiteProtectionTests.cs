using System.Text;

namespace Platform.Sandbox.Tests.Control;

public sealed class CrossSiteProtectionTests
{
    private static readonly string[] Changes =
    [
        "/control/reset", "/control/faults", "/control/bots", "/api/people",
        "/api/chats/test_bot/7200000001/block", "/api/chats/test_bot/7200000001/unblock", "/api/chats/test_bot/7200000001/clear",
        "/api/chats/test_bot/7200000001/messages", "/api/chats/test_bot/7200000001/contact", "/api/chats/test_bot/7200000001/photo",
    ];

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_cannot_change_anything(string header, string value)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        foreach (var path in Changes)
        {
            var answer = await Send(sandbox, HttpMethod.Post, path, "{}", (header, value));
            answer.ShouldBeProblem(403);
            answer.Json.GetProperty("code").GetString().ShouldBe("other_site");
        }

        (await Send(sandbox, HttpMethod.Delete, "/control/faults", null, (header, value))).ShouldBeProblem(403);
        (await anna.Messages()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_sandboxs_own_pages_and_programs_may_make_changes()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var own = sandbox.Address.GetLeftPart(UriPartial.Authority);

        (await Send(sandbox, HttpMethod.Post, "/control/reset", "{}", ("Origin", own))).Status.ShouldBe(204);
        (await Send(sandbox, HttpMethod.Post, "/control/reset", "{}", ("Sec-Fetch-Site", "same-origin"), ("Origin", own))).Status.ShouldBe(204);
        (await Send(sandbox, HttpMethod.Post, "/control/reset", "{}")).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("/control/reset")]
    [InlineData("/api/chats/test_bot/7200000001/block")]
    [InlineData("/api/chats/test_bot/7200000001/unblock")]
    [InlineData("/api/chats/test_bot/7200000001/clear")]
    [InlineData("/api/chats/test_bot/7200000001/contact")]
    public async Task A_form_of_another_site_is_not_accepted_as_a_call(string path)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        using var form = new StringContent("{}", Encoding.UTF8, "text/plain");

        (await sandbox.Send(HttpMethod.Post, path)).Status.ShouldBeInRange(400, 415);
        (await sandbox.Send(HttpMethod.Post, path, form)).ShouldBeProblem(415);
        (await sandbox.Post(path)).Status.ShouldBeInRange(200, 204);
    }

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost.evil.example:8090", 421)]
    [InlineData("sandbox.dev.example", 200)]
    [InlineData("localhost:8090", 200)]
    [InlineData("anna.localhost", 200)]
    [InlineData("sandbox:8090", 200)]
    [InlineData("192.168.0.10:8090", 200)]
    [InlineData("[::1]:8090", 200)]
    public async Task Host_names_that_another_site_could_have_are_refused(string host, int status)
    {
        await using var sandbox = await SandboxUnderTest.Start(settings: ("Sandbox:Hosts:0", "sandbox.dev.example"));

        foreach (var path in new[] { "/", "/control", "/control/mail", "/control/requests", "/api/people", "/api/chats/test_bot/7200000001" })
        {
            (await Send(sandbox, HttpMethod.Get, path, null, ("Host", host))).Status.ShouldBe(status, path);
        }
    }

    [Fact]
    public async Task A_bot_can_call_under_any_host_name()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await Send(sandbox, HttpMethod.Post, sandbox.Bot.PathOf("getMe"), "{}", ("Host", "host.docker.internal:8090"))).Result
            .GetProperty("username").GetString().ShouldBe(SandboxUnderTest.Username);
    }

    private static async Task<Answer> Send(
        SandboxUnderTest sandbox, HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using var response = await sandbox.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Of(response);
    }
}
