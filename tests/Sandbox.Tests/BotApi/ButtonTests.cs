using System.Text.Json;

namespace Platform.Sandbox.Tests.BotApi;

/// <summary>A button is pressed, and the bot answers it.</summary>
public sealed class ButtonTests
{
    private const string TooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid";

    [Fact]
    public async Task The_bot_gets_a_pressed_button_and_the_person_sees_its_answer()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = (await sandbox.Bot.SendMessage(anna.Id, "Spend?", Buttons.Inline(("Yes", "spend:1")))).GetProperty("message_id").GetInt32();

        var press = anna.Post("/press", new { messageId = id, data = "spend:1" });
        var query = (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("callback_query");
        query.GetProperty("data").GetString().ShouldBe("spend:1");
        query.GetProperty("from").GetProperty("id").GetInt64().ShouldBe(anna.Id);
        query.GetProperty("message").GetProperty("message_id").GetInt32().ShouldBe(id);
        query.GetProperty("message").GetProperty("chat").GetProperty("id").GetInt64().ShouldBe(anna.Id);
        query.GetProperty("chat_instance").GetString().ShouldNotBeNullOrEmpty();
        await Answer(sandbox, query, new { text = "Spent", show_alert = true });

        var answer = (await press).Json.GetProperty("answer");
        answer.GetProperty("text").GetString().ShouldBe("Spent");
        answer.GetProperty("alert").GetBoolean().ShouldBeTrue();
        (await anna.Chat()).GetProperty("answer").GetProperty("text").GetString().ShouldBe("Spent");
    }

    [Fact]
    public async Task An_answer_without_text_only_ends_the_wait()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var (press, query) = await Pressed(sandbox, anna);

        await Answer(sandbox, query, new { });

        (await press).Json.GetProperty("answer").TryGetProperty("text", out _).ShouldBeFalse();
        (await anna.Chat()).TryGetProperty("answer", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_query_is_answered_once_in_time_by_the_bot_that_received_it()
    {
        var clock = SandboxUnderTest.Clock();
        await using var sandbox = await SandboxUnderTest.Start(clock);
        await sandbox.Post("/control/bots", new { token = "5001:other", username = "other_bot" });
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var (_, query) = await Pressed(sandbox, anna);

        var other = new BotClient(sandbox.Client, "5001:other");
        (await other.Call("answerCallbackQuery", new { callback_query_id = query.GetProperty("id").GetString() })).ShouldBeRefused(400, TooOld);
        (await Answer(sandbox, query, new { })).Status.ShouldBe(200);
        (await Answer(sandbox, query, new { })).ShouldBeRefused(400, TooOld);
        (await sandbox.Bot.Call("answerCallbackQuery", new { callback_query_id = "5" })).ShouldBeRefused(400, TooOld);
        (await sandbox.Bot.Call("answerCallbackQuery")).ShouldBeRefused(400, TooOld);

        var (_, late) = await Pressed(sandbox, anna);
        clock.Advance(TimeSpan.FromSeconds(61));
        (await Answer(sandbox, late, new { })).ShouldBeRefused(400, TooOld);
    }

    [Fact]
    public async Task Only_existing_buttons_can_be_pressed_unless_forged()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var own = await anna.Write("Mine");
        var id = (await sandbox.Bot.SendMessage(anna.Id, "Choose", Buttons.Inline(("A", "a")))).GetProperty("message_id").GetInt32();

        (await anna.Post("/press", new { messageId = id, data = "b" })).ShouldBeProblem(409);
        (await anna.Post("/press", new { messageId = own, data = "a" })).ShouldBeProblem(404);
        (await anna.Post("/press", new { messageId = 1, data = "a" })).ShouldBeProblem(404);
        (await anna.Post("/press", new { messageId = id, data = "" })).ShouldBeProblem(400);
        await sandbox.Bot.ConfirmAll();

        var press = anna.Post("/press", new { messageId = id, data = "refund:all", forged = true });
        var query = (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("callback_query");
        query.GetProperty("data").GetString().ShouldBe("refund:all");
        await Answer(sandbox, query, new { });
        (await press).Status.ShouldBe(200);
    }

    private static async Task<(Task<Answer> Press, JsonElement Query)> Pressed(SandboxUnderTest sandbox, PersonClient person)
    {
        await sandbox.Bot.ConfirmAll();
        var id = (await sandbox.Bot.SendMessage(person.Id, "Choose", Buttons.Inline(("A", "a")))).GetProperty("message_id").GetInt32();
        var press = person.Post("/press", new { messageId = id, data = "a" });
        return (press, (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("callback_query"));
    }

    private static Task<Answer> Answer(SandboxUnderTest sandbox, JsonElement query, object answer)
    {
        var parameters = JsonSerializer.SerializeToNode(answer)!.AsObject();
        parameters["callback_query_id"] = query.GetProperty("id").GetString();
        return sandbox.Bot.Call("answerCallbackQuery", parameters);
    }
}
