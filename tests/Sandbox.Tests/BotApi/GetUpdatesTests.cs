using System.Diagnostics;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Sandbox.Tests.BotApi;

public sealed class GetUpdatesTests
{
    [Fact]
    public async Task A_message_reaches_the_bot_in_Telegrams_format()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var id = await sandbox.Person(SandboxUnderTest.Anna).Write("/start ref_42");

        var update = (await sandbox.Bot.Updates()).ShouldHaveSingleItem();

        update.GetProperty("update_id").GetInt32().ShouldBePositive();
        var message = update.GetProperty("message");
        message.GetProperty("message_id").GetInt32().ShouldBe(id);
        message.GetProperty("text").GetString().ShouldBe("/start ref_42");
        message.GetProperty("date").GetInt64()
            .ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        message.GetProperty("from").GetRawText().ShouldBe(
            """{"id":7200000001,"is_bot":false,"first_name":"Анна","last_name":"Смирнова","username":"anna_smirnova","language_code":"ru"}""");
        message.GetProperty("chat").GetProperty("id").GetInt64().ShouldBe(SandboxUnderTest.Anna);
        message.GetProperty("chat").GetProperty("type").GetString().ShouldBe("private");
        message.GetProperty("entities").GetRawText().ShouldBe("""[{"type":"bot_command","offset":0,"length":6}]""");
    }

    [Fact]
    public async Task An_update_is_returned_until_an_offset_confirms_it()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = sandbox.Person(SandboxUnderTest.Anna);
        foreach (var text in new[] { "one", "two", "three" })
        {
            await anna.Write(text);
        }

        var all = await sandbox.Bot.Updates();
        var again = await sandbox.Bot.Updates();
        var second = all[1].GetProperty("update_id").GetInt32();

        Texts(all).ShouldBe(["one", "two", "three"]);
        Texts(again).ShouldBe(["one", "two", "three"]);
        all.Select(update => update.GetProperty("update_id").GetInt32()).ShouldBe([second - 1, second, second + 1]);
        Texts(await sandbox.Bot.Updates(offset: second)).ShouldBe(["two", "three"]);
        Texts(await sandbox.Bot.Updates()).ShouldBe(["two", "three"]);
        Texts([.. (await sandbox.Bot.Call("getUpdates", new { limit = 1 })).Result.EnumerateArray()]).ShouldBe(["two"]);
        Texts(await sandbox.Bot.Updates(offset: -1)).ShouldBe(["three"]);
        Texts(await sandbox.Bot.Updates(offset: second + 2)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_poll_ends_as_soon_as_a_person_writes()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var poll = sandbox.Bot.Updates(timeout: 40);
        await Eventually.IsTrue(async () => (await sandbox.Requests("?method=getUpdates")).Count == 1, TestContext.Current.CancellationToken);
        poll.IsCompleted.ShouldBeFalse();

        await sandbox.Person(SandboxUnderTest.Anna).Write("hello");

        Texts(await poll.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).ShouldBe(["hello"]);
    }

    [Fact]
    public async Task A_long_poll_ends_empty_after_its_timeout()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var started = Stopwatch.GetTimestamp();

        (await sandbox.Bot.Updates(timeout: 1)).ShouldBeEmpty();

        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public async Task A_second_poll_ends_the_first()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var first = sandbox.Bot.Call("getUpdates", new { timeout = 40 });
        await Eventually.IsTrue(async () => (await sandbox.Requests("?method=getUpdates")).Count == 1, TestContext.Current.CancellationToken);
        var second = sandbox.Bot.Updates(timeout: 40);

        (await first).ShouldBeRefused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");

        await sandbox.Person(SandboxUnderTest.Anna).Write("hello");
        Texts(await second).ShouldBe(["hello"]);
    }

    [Fact]
    public async Task A_bot_that_disconnects_during_a_poll_loses_no_update()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        using (var gone = new HttpClient { BaseAddress = sandbox.Address, Timeout = TimeSpan.FromMilliseconds(300) })
        {
            var poll = new Uri(sandbox.Bot.PathOf("getUpdates?timeout=40"), UriKind.Relative);
            await Should.ThrowAsync<TaskCanceledException>(() => gone.GetAsync(poll, TestContext.Current.CancellationToken));
        }

        await sandbox.Person(SandboxUnderTest.Anna).Write("hello");

        Texts(await sandbox.Bot.Updates()).ShouldBe(["hello"]);
    }

    [Fact]
    public async Task Only_allowed_kinds_of_updates_arrive()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = sandbox.Person(SandboxUnderTest.Anna);
        await sandbox.Bot.Call("getUpdates", new { allowed_updates = """["callback_query","my_chat_member"]""" });

        await anna.Write("not wanted");
        await anna.Post("/block");

        (await sandbox.Bot.Updates()).ShouldHaveSingleItem().TryGetProperty("my_chat_member", out _).ShouldBeTrue();

        await sandbox.Bot.Call("getUpdates", new { allowed_updates = Array.Empty<string>() });
        await anna.Post("/unblock");
        await anna.Write("wanted");
        (await sandbox.Bot.Updates()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Ids_are_never_reused_after_a_restart()
    {
        var clock = SandboxUnderTest.Clock();
        int update, message;
        await using (var first = await SandboxUnderTest.Start(clock))
        {
            message = await first.Person(SandboxUnderTest.Anna).Write("hello");
            update = (await first.Bot.Updates())[0].GetProperty("update_id").GetInt32();
        }

        clock.Advance(TimeSpan.FromSeconds(5));
        await using var second = await SandboxUnderTest.Start(clock);

        (await second.Person(SandboxUnderTest.Anna).Write("hello again")).ShouldBeGreaterThan(message);
        (await second.Bot.Updates(offset: update + 1)).ShouldHaveSingleItem();
    }

    private static IEnumerable<string?> Texts(IEnumerable<JsonElement> updates) =>
        updates.Select(update => update.GetProperty("message").GetProperty("text").GetString());
}
