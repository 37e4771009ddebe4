using Platform.Testing;

namespace Platform.Sandbox.Tests.Control;

public sealed class FaultsTests
{
    [Theory]
    [InlineData("tooManyRequests", 429, "Too Many Requests: retry after 7")]
    [InlineData("serverError", 500, "Internal Server Error")]
    [InlineData("blocked", 403, "Forbidden: bot was blocked by the user")]
    [InlineData("messageGone", 400, "Bad Request: message to edit not found")]
    public async Task A_call_is_refused_and_nothing_is_done(string kind, int status, string description)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind, method = "sendMessage", retryAfter = 7, times = 1 });

        (await Send(sandbox, anna)).ShouldBeRefused(status, description);

        (await anna.Messages()).ShouldHaveSingleItem();
        (await Send(sandbox, anna)).Status.ShouldBe(200);
        (await sandbox.Requests("?method=sendMessage")).Select(request => (request.GetProperty("status").GetInt32(), request.TryGetProperty("fault", out var fault) ? fault.GetString() : null))
            .ShouldBe([(status, kind), (200, null)]);
    }

    [Fact]
    public async Task A_cut_call_is_done_and_never_answered()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind = "cut", method = "sendMessage", times = 1 });

        await Should.ThrowAsync<HttpRequestException>(() => Send(sandbox, anna));

        (await anna.LastMessage()).GetProperty("text").GetString().ShouldBe("Hi");
    }

    [Fact]
    public async Task A_call_left_hanging_is_not_done()
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
    public async Task A_call_may_hang_for_a_while_and_be_cut()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await Add(sandbox, new { kind = "hang", method = "sendMessage", seconds = 0.2, times = 1 });

        await Should.ThrowAsync<HttpRequestException>(() => Send(sandbox, anna));

        (await anna.Messages()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_delayed_call_is_done_later()
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
    public async Task Only_the_calls_that_fit_meet_it()
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
    public async Task It_is_taken_back_alone_or_with_all_others()
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

    private static Task<Answer> Send(SandboxUnderTest sandbox, PersonClient person) => sandbox.Bot.Call("sendMessage", new { chat_id = person.Id, text = "Hi" });

    private static async Task<int> Add(SandboxUnderTest sandbox, object fault)
    {
        var added = await sandbox.Post("/control/faults", fault);
        added.Status.ShouldBe(201, added.Body);
        return added.Json.GetProperty("id").GetInt32();
    }
}
