using Platform.Testing;

namespace Platform.Sandbox.Tests.Control;

public sealed class FaultsTests
{
    [Theory]
    [InlineData("tooManyRequests", 429, "Too Many Requests: retry after 7")]
    [InlineData("serverError", 500, "Internal Server Error")]
    [InlineData("blocked", 403, "Forbidden: bot was blocked by the user")]
    [InlineData("deactivated", 403, "Forbidden: user is deactivated")]
    [InlineData("migrated", 400, "Bad Request: group chat was upgraded to a supergroup chat")]
    [InlineData("messageGone", 400, "Bad Request: message to edit not found")]
    public async Task A_call_that_meets_a_fault_is_refused_without_effect(string kind, int status, string description)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind, method = "sendMessage", retryAfter = 7, times = 1 });

        (await Send(sandbox, anna)).ShouldBeRefused(status, description);

        (await anna.Messages()).ShouldHaveSingleItem();
        (await Send(sandbox, anna)).Status.ShouldBe(200);
        (await sandbox.Requests("?method=sendMessage"))
            .Select(request => (request.GetProperty("status").GetInt32(), request.TryGetProperty("fault", out var fault) ? fault.GetString() : null))
            .ShouldBe([(status, kind), (200, null)]);
    }

    [Fact]
    public async Task A_migrated_group_reports_its_new_id()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind = "migrated", migrateTo = -1001234567890, times = 1 });

        var refused = await Send(sandbox, anna);

        refused.Json.GetProperty("parameters").GetRawText().ShouldBe("""{"migrate_to_chat_id":-1001234567890}""");
        (await sandbox.Get("/control/faults")).Json.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_cut_call_takes_effect_without_an_answer()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind = "cut", method = "sendMessage", times = 1 });

        await Should.ThrowAsync<HttpRequestException>(() => Send(sandbox, anna));

        (await anna.LastMessage()).GetProperty("text").GetString().ShouldBe("Hi");
    }

    [Fact]
    public async Task A_hanging_call_has_no_effect()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind = "hang", method = "sendMessage" });
        using var impatient = new HttpClient { BaseAddress = sandbox.Address, Timeout = TimeSpan.FromMilliseconds(500) };

        await Should.ThrowAsync<TaskCanceledException>(() => new BotClient(impatient, SandboxUnderTest.Token).SendMessage(anna.Id, "Hi"));

        (await anna.Messages()).ShouldHaveSingleItem();
        (await sandbox.Requests("?method=sendMessage")).ShouldHaveSingleItem().TryGetProperty("status", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_hanging_call_with_a_limit_is_cut()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind = "hang", method = "sendMessage", seconds = 0.2, times = 1 });

        await Should.ThrowAsync<HttpRequestException>(() => Send(sandbox, anna));

        (await anna.Messages()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_delayed_call_takes_effect_later()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind = "delay", method = "sendMessage", seconds = 1 });

        var sending = Send(sandbox, anna);
        await Eventually.IsTrue(async () => (await sandbox.Requests("?method=sendMessage")).Count == 1, TestContext.Current.CancellationToken);

        (await anna.Messages()).ShouldHaveSingleItem();
        (await sending).Status.ShouldBe(200);
        (await anna.Messages()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_affects_only_matching_calls()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var john = await sandbox.Started(SandboxUnderTest.John);
        await Add(sandbox, new { kind = "blocked", bot = "test_bot", method = "SENDmessage", chatId = anna.Id });
        await Add(sandbox, new { kind = "serverError", bot = "other_bot" });

        (await Send(sandbox, john)).Status.ShouldBe(200);
        (await sandbox.Bot.Call("sendChatAction", new { chat_id = anna.Id, action = "typing" })).Status.ShouldBe(200);
        (await Send(sandbox, anna)).Status.ShouldBe(403);
        (await Send(sandbox, anna)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Faults_can_be_removed_one_by_one_or_all_at_once()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var first = await Add(sandbox, new { kind = "serverError" });
        await Add(sandbox, new { kind = "blocked" });

        (await Send(sandbox, anna)).Status.ShouldBe(500);
        (await sandbox.Send(HttpMethod.Delete, $"/control/faults/{first}")).Status.ShouldBe(204);
        (await Send(sandbox, anna)).Status.ShouldBe(403);
        (await sandbox.Get("/control/faults")).Json.GetArrayLength().ShouldBe(1);
        (await sandbox.Send(HttpMethod.Delete, "/control/faults")).Status.ShouldBe(204);
        (await Send(sandbox, anna)).Status.ShouldBe(200);
        (await sandbox.Send(HttpMethod.Delete, $"/control/faults/{first}")).ShouldBeProblem(404);
    }

    private static Task<Answer> Send(SandboxUnderTest sandbox, PersonClient person) =>
        sandbox.Bot.Call("sendMessage", new { chat_id = person.Id, text = "Hi" });

    private static async Task<int> Add(SandboxUnderTest sandbox, object fault)
    {
        var added = await sandbox.Post("/control/faults", fault);
        added.Status.ShouldBe(201, added.Body);
        return added.Json.GetProperty("id").GetInt32();
    }
}
