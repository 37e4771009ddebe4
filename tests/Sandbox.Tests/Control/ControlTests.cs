using Platform.Testing;

namespace Platform.Sandbox.Tests.Control;

public sealed class ControlTests
{
    [Fact]
    public async Task Calls_of_bots_are_listed_in_order()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await sandbox.Post("/control/bots", new { token = "5001:other", username = "other_bot" });
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var before = (await sandbox.Requests())[^1].GetProperty("seq").GetInt64();

        await sandbox.Bot.SendMessage(anna.Id, "one", Buttons.Inline(("A", "a")));
        await new BotClient(sandbox.Client, "5001:other").Call("getMe");
        await sandbox.Bot.Call("sendMessage", new { chat_id = 5, text = "two" });

        var requests = await sandbox.Requests($"?after={before}");
        requests.Select(request => $"{request.GetProperty("bot")} {request.GetProperty("method")} {request.GetProperty("status")}").ShouldBe(
            ["test_bot sendMessage 200", "other_bot getMe 200", "test_bot sendMessage 400"]);
        requests[0].GetProperty("chatId").GetInt64().ShouldBe(anna.Id);
        requests[0].GetProperty("body").GetProperty("text").GetString().ShouldBe("one");
        requests[0].GetProperty("body").GetProperty("reply_markup").GetProperty("inline_keyboard")[0][0].GetProperty("callback_data").GetString().ShouldBe("a");
        (await sandbox.Requests($"?after={before}&bot=other_bot")).ShouldHaveSingleItem();
        (await sandbox.Requests($"?after={before}&method=sendmessage")).Count.ShouldBe(2);
        (await sandbox.Get("/control/requests")).Body.ShouldNotContain(SandboxUnderTest.Token);
    }

    [Fact]
    public async Task An_added_bot_works_immediately()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Post("/control/bots", new { token = "5001:other", username = "other_bot", name = "Other" })).Status.ShouldBe(201);

        (await new BotClient(sandbox.Client, "5001:other").Call("getMe")).Result.GetProperty("first_name").GetString().ShouldBe("Other");
        (await sandbox.Get("/api/bots")).Json.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_reset_clears_everything_except_the_bots_and_their_settings()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await anna.Write("unread");
        await anna.Post("/block");
        await sandbox.Post("/api/people", new { firstName = "Зоя" });
        await sandbox.Post("/control/faults", new { kind = "serverError", method = "getChat" });
        await sandbox.Bot.Call("setMyCommands", new { commands = new[] { new { command = "code", description = "Pay" } } });

        (await sandbox.Post("/control/reset")).Status.ShouldBe(204);

        (await sandbox.Requests()).ShouldBeEmpty();
        var chat = await anna.Chat();
        chat.GetProperty("started").GetBoolean().ShouldBeFalse();
        chat.GetProperty("blocked").GetBoolean().ShouldBeFalse();
        chat.GetProperty("messages").GetArrayLength().ShouldBe(0);
        chat.GetProperty("commands").GetArrayLength().ShouldBe(1);
        (await sandbox.Get("/api/people")).Json.GetArrayLength().ShouldBe(6);
        (await sandbox.Bot.Updates()).ShouldBeEmpty();
        (await sandbox.Bot.Call("getChat", new { chat_id = anna.Id })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_sandbox_is_healthy_once_it_runs()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Get("/health/live")).Status.ShouldBe(200);
        (await sandbox.Get("/health/ready")).Body.ShouldBe("""{"status":"healthy","checks":[]}""");
    }

    [Fact]
    public async Task The_process_stops_on_request_while_bots_are_polling()
    {
        await using var sandbox = await ServiceProcess.Start(
            "sandbox", [new("Sandbox:Bots:0:Token", "1:a"), new("Sandbox:Bots:0:Username", "first_bot")], TestContext.Current.CancellationToken);
        using var client = sandbox.Client(token: null);
        var polling = client.GetAsync(new Uri("/bot1:a/getUpdates?timeout=50", UriKind.Relative), TestContext.Current.CancellationToken);
        var watching = client.GetAsync(new Uri("/api/chats/first_bot/7200000001/events", UriKind.Relative), TestContext.Current.CancellationToken);
        var requests = new Uri("/control/requests", UriKind.Relative);
        await Eventually.IsTrue(
            async () => (await client.GetStringAsync(requests, TestContext.Current.CancellationToken)).Contains("getUpdates", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        (await sandbox.Stop(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken)).ShouldBe(0);
        using var polled = await polling;
        (await polled.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"ok":true,"result":[]}""");
        (await watching).Dispose();
        sandbox.Output.ShouldNotContain("1:a");
    }

    [Fact]
    public async Task The_sandbox_does_not_start_in_production()
    {
        var outcome = await ServiceProcess.Run(
            Repository.Program("Sandbox"), ["--urls", "http://127.0.0.1:0"], [new("ASPNETCORE_ENVIRONMENT", "Production")],
            within: TimeSpan.FromSeconds(30));

        outcome.ExitCode.ShouldBe(1);
        outcome.Output.ShouldContain("The sandbox starts in Development only");
    }

    [Theory]
    [InlineData("no-token", "some_bot")]
    [InlineData("1:a", "no name")]
    [InlineData("4001:again", "some_bot")]
    public async Task The_sandbox_does_not_start_with_invalid_bots(string token, string username)
    {
        var outcome = await ServiceProcess.Run(
            Repository.Program("Sandbox"),
            ["--urls", "http://127.0.0.1:0"],
            [
                new("Sandbox:Bots:0:Token", SandboxUnderTest.Token), new("Sandbox:Bots:0:Username", SandboxUnderTest.Username),
                new("Sandbox:Bots:1:Token", token), new("Sandbox:Bots:1:Username", username),
            ],
            within: TimeSpan.FromSeconds(30));

        outcome.ExitCode.ShouldNotBe(0);
        outcome.Output.ShouldContain("Bots");
    }
}
