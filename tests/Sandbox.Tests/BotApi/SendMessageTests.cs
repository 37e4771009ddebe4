
namespace Platform.Sandbox.Tests.BotApi;

public sealed class SendMessageTests
{
    [Fact]
    public async Task A_sent_message_reaches_the_person_and_is_returned_to_the_bot()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        var sent = await sandbox.Bot.SendMessage(anna.Id, "  Hello, Anna!\n", Buttons.Inline(("Yes", "y"), ("No", "n")));

        sent.GetProperty("text").GetString().ShouldBe("Hello, Anna!");
        sent.GetProperty("from").GetProperty("id").GetInt64().ShouldBe(4001);
        sent.GetProperty("chat").GetProperty("id").GetInt64().ShouldBe(anna.Id);
        sent.GetProperty("reply_markup").GetRawText()
            .ShouldBe("""{"inline_keyboard":[[{"text":"Yes","callback_data":"y"},{"text":"No","callback_data":"n"}]]}""");
        var seen = await anna.LastMessage();
        seen.GetProperty("id").GetInt32().ShouldBe(sent.GetProperty("message_id").GetInt32());
        seen.GetProperty("from").GetString().ShouldBe("bot");
        seen.GetProperty("text").GetString().ShouldBe("Hello, Anna!");
        seen.GetProperty("inlineKeyboard").GetRawText().ShouldBe("""[[{"text":"Yes","data":"y"},{"text":"No","data":"n"}]]""");
    }

    [Fact]
    public async Task A_bot_cannot_write_to_a_person_who_has_not_started_it()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await Send(sandbox, new { chat_id = SandboxUnderTest.Anna, text = "Hi" }))
            .ShouldBeRefused(403, "Forbidden: bot can't initiate conversation with a user");
        (await Send(sandbox, new { chat_id = 99, text = "Hi" })).ShouldBeRefused(400, "Bad Request: chat not found");
        (await Send(sandbox, new { text = "Hi" })).ShouldBeRefused(400, "Bad Request: chat_id is empty");
    }

    [Fact]
    public async Task A_bot_cannot_write_to_a_person_who_has_blocked_it()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await anna.Post("/block");

        (await Send(sandbox, new { chat_id = anna.Id, text = "Hi" })).ShouldBeRefused(403, "Forbidden: bot was blocked by the user");

        await anna.Post("/unblock");
        (await Send(sandbox, new { chat_id = anna.Id, text = "Hi" })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_length_limit_counts_UTF_16_units_without_tags()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        (await Send(sandbox, new { chat_id = anna.Id, text = $"<b>{new string('я', 4096)}</b>", parse_mode = "HTML" })).Status.ShouldBe(200);
        (await Send(sandbox, new { chat_id = anna.Id, text = string.Concat(Enumerable.Repeat("🎉", 2049)) }))
            .ShouldBeRefused(400, "Bad Request: message is too long");
        (await Send(sandbox, new { chat_id = anna.Id, text = " \n " })).ShouldBeRefused(400, "Bad Request: message text is empty");
        (await Send(sandbox, new { chat_id = anna.Id, text = "<b></b>", parse_mode = "HTML" })).ShouldBeRefused(400, "Bad Request: message text is empty");
        (await Send(sandbox, new { chat_id = anna.Id })).ShouldBeRefused(400, "Bad Request: message text is empty");
    }

    [Theory]
    [InlineData("""{"inline_keyboard":[[{"text":"A","callback_data":""}]]}""", "BUTTON_DATA_INVALID")]
    [InlineData("""{"inline_keyboard":[[{"text":"A","callback_data":"яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяя"}]]}""", "BUTTON_DATA_INVALID")]
    [InlineData("""{"inline_keyboard":[[{"text":"A"}]]}""",
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")]
    [InlineData("""{"inline_keyboard":[[{"callback_data":"a"}]]}""",
        "can't parse inline keyboard button: field \"text\" must be of type String and non-empty")]
    [InlineData("""{"inline_keyboard":[[{"text":"A","url":"javascript:alert(1)"}]]}""",
        "inline keyboard button URL 'javascript:alert(1)' is invalid: wrong HTTP URL")]
    [InlineData("""{"inline_keyboard":[{"text":"A"}]}""", "field \"inline_keyboard\" of the reply markup must be an Array of Arrays")]
    [InlineData("""{"keyboard":7}""", "field \"keyboard\" of the reply markup must be an Array of Arrays")]
    [InlineData("[]", "object expected as reply markup")]
    [InlineData("{", "can't parse reply keyboard markup JSON object")]
    public async Task Buttons_that_Telegram_would_reject_are_refused(string replyMarkup, string description)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        (await Send(sandbox, new { chat_id = anna.Id, text = "Hi", reply_markup = replyMarkup })).ShouldBeRefused(400, $"Bad Request: {description}");
        (await anna.Messages()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_keyboard_stays_below_the_input_until_it_is_replaced_or_removed()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        await sandbox.Bot.SendMessage(anna.Id, "Choose", new
        {
            keyboard = new object[][] { ["Code", new { text = "My number", request_contact = true }] },
            input_field_placeholder = "Code or number",
        });
        await sandbox.Bot.SendMessage(anna.Id, "And more", Buttons.Inline(("A", "a")));

        (await anna.Chat()).GetProperty("replyKeyboard").GetRawText().ShouldBe(
            """{"rows":[[{"text":"Code","requestContact":false},{"text":"My number","requestContact":true}]],"oneTime":false,"placeholder":"Code or number"}""");
        await sandbox.Bot.SendMessage(anna.Id, "Gone", new { remove_keyboard = true });
        (await anna.Chat()).TryGetProperty("replyKeyboard", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_one_time_keyboard_disappears_after_use()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await sandbox.Bot.SendMessage(anna.Id, "Choose", Buttons.ReplyOnce("Yes", "No"));

        await anna.Write("Something else");
        (await anna.Chat()).TryGetProperty("replyKeyboard", out _).ShouldBeTrue();
        await anna.Write("Yes");
        (await anna.Chat()).TryGetProperty("replyKeyboard", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_reply_needs_an_existing_message()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var asked = await anna.Write("When?");

        var sent = await Send(sandbox, new { chat_id = anna.Id, text = "Now", reply_parameters = new { message_id = asked } });

        sent.Result.GetProperty("reply_to_message").GetProperty("text").GetString().ShouldBe("When?");
        (await anna.LastMessage()).GetProperty("replyToId").GetInt32().ShouldBe(asked);
        (await Send(sandbox, new { chat_id = anna.Id, text = "Now", reply_parameters = new { message_id = 5 } }))
            .ShouldBeRefused(400, "Bad Request: message to be replied not found");
        (await Send(sandbox, new { chat_id = anna.Id, text = "Now", reply_parameters = new { message_id = 5, allow_sending_without_reply = true } }))
            .Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_bot_shows_as_typing_until_it_writes_or_for_five_seconds()
    {
        var clock = SandboxUnderTest.Clock();
        await using var sandbox = await SandboxUnderTest.Start(clock);
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        (await sandbox.Bot.Call("sendChatAction", new { chat_id = anna.Id, action = "typing" })).Result.GetBoolean().ShouldBeTrue();
        (await anna.Chat()).GetProperty("typing").GetString().ShouldBe("typing");
        await sandbox.Bot.SendMessage(anna.Id, "Done");
        (await anna.Chat()).TryGetProperty("typing", out _).ShouldBeFalse();

        await sandbox.Bot.Call("sendChatAction", new { chat_id = anna.Id, action = "upload_photo" });
        clock.Advance(TimeSpan.FromSeconds(6));
        (await anna.Chat()).TryGetProperty("typing", out _).ShouldBeFalse();
        (await sandbox.Bot.Call("sendChatAction", new { chat_id = anna.Id, action = "sleep" }))
            .ShouldBeRefused(400, "Bad Request: wrong parameter action in request");
    }

    [Fact]
    public async Task Too_many_messages_in_a_second_are_refused_with_retry_after()
    {
        var clock = SandboxUnderTest.Clock();
        await using var sandbox = await SandboxUnderTest.Start(clock, ("Sandbox:Limits:PerChat", "1"), ("Sandbox:Limits:PerBot", "2"));
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var john = await sandbox.Started(SandboxUnderTest.John);
        var boris = await sandbox.Started(7_100_000_001);
        (await Send(sandbox, new { chat_id = anna.Id, text = "1" })).Status.ShouldBe(200);
        var second = await Send(sandbox, new { chat_id = anna.Id, text = "2" });

        second.ShouldBeRefused(429, "Too Many Requests: retry after 1");
        second.Json.GetProperty("parameters").GetProperty("retry_after").GetInt32().ShouldBe(1);
        second.Headers["Retry-After"].ShouldBe("1");
        (await Send(sandbox, new { chat_id = john.Id, text = "1" })).Status.ShouldBe(200);
        (await Send(sandbox, new { chat_id = boris.Id, text = "1" })).ShouldBeRefused(429, "Too Many Requests: retry after 1");

        clock.Advance(TimeSpan.FromSeconds(1));
        (await Send(sandbox, new { chat_id = anna.Id, text = "2" })).Status.ShouldBe(200);
        (await sandbox.Bot.Call("sendChatAction", new { chat_id = anna.Id, action = "typing" })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_long_chat_drops_its_oldest_messages()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        for (var number = 0; number < 1001; number++)
        {
            await sandbox.Bot.SendMessage(anna.Id, $"{number}");
        }

        var messages = await anna.Messages();

        messages.Count.ShouldBe(1000);
        messages[0].GetProperty("text").GetString().ShouldBe("1");
    }

    private static Task<Answer> Send(SandboxUnderTest sandbox, object parameters) => sandbox.Bot.Call("sendMessage", parameters);
}
