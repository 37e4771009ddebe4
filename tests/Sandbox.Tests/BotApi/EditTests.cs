namespace Platform.Sandbox.Tests.BotApi;

public sealed class EditTests
{
    private const string NotModified =
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

    [Fact]
    public async Task A_text_is_edited_and_its_buttons_go_unless_they_are_sent_again()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = Id(await sandbox.Bot.SendMessage(anna.Id, "4:59", Buttons.Inline(("New", "n"))));

        var kept = (await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "<b>4:58</b>", parse_mode = "HTML", reply_markup = Buttons.Inline(("New", "n")) })).Result;
        kept.GetProperty("text").GetString().ShouldBe("4:58");
        kept.GetProperty("edit_date").GetInt64().ShouldBePositive();
        kept.TryGetProperty("reply_markup", out _).ShouldBeTrue();
        await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "over" });

        var seen = await anna.LastMessage();
        seen.GetProperty("text").GetString().ShouldBe("over");
        seen.TryGetProperty("editedAt", out _).ShouldBeTrue();
        seen.TryGetProperty("inlineKeyboard", out _).ShouldBeFalse();
        (await sandbox.Bot.Updates()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_changes_when_nothing_is_different()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = Id(await sandbox.Bot.SendMessage(anna.Id, "<b>a</b> b", Buttons.Inline(("A", "a")), parseMode: "HTML"));

        (await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "<b>a</b> b", parse_mode = "HTML", reply_markup = Buttons.Inline(("A", "a")) })).ShouldBeRefused(400, NotModified);
        (await sandbox.Bot.Call("editMessageReplyMarkup", new { chat_id = anna.Id, message_id = id, reply_markup = Buttons.Inline(("A", "a")) })).ShouldBeRefused(400, NotModified);
        // The same words, but no longer bold.
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "a b", reply_markup = Buttons.Inline(("A", "a")) })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Buttons_alone_are_edited_and_removed()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = Id(await sandbox.Bot.SendMessage(anna.Id, "Choose", Buttons.Inline(("A", "a"))));

        await sandbox.Bot.Call("editMessageReplyMarkup", new { chat_id = anna.Id, message_id = id, reply_markup = Buttons.Inline(("B", "b")) });
        (await anna.LastMessage()).GetProperty("inlineKeyboard")[0][0].GetProperty("data").GetString().ShouldBe("b");
        await sandbox.Bot.Call("editMessageReplyMarkup", new { chat_id = anna.Id, message_id = id });
        (await anna.LastMessage()).TryGetProperty("inlineKeyboard", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_what_the_bot_may_edit_is_edited()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var own = Id(await sandbox.Bot.SendMessage(anna.Id, "Hi"));
        var withKeyboard = Id(await sandbox.Bot.SendMessage(anna.Id, "Choose", Buttons.Reply("A")));
        var hers = await anna.Write("Mine");

        (await Edit(sandbox, new { chat_id = anna.Id, message_id = 7, text = "x" })).ShouldBeRefused(400, "Bad Request: message to edit not found");
        (await Edit(sandbox, new { chat_id = anna.Id, text = "x" })).ShouldBeRefused(400, "Bad Request: message identifier is not specified");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = hers, text = "x" })).ShouldBeRefused(400, "Bad Request: message can't be edited");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = withKeyboard, text = "x" })).ShouldBeRefused(400, "Bad Request: message can't be edited");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = own, text = "" })).ShouldBeRefused(400, "Bad Request: message text is empty");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = own, text = new string('x', 4097) })).ShouldBeRefused(400, "Bad Request: MESSAGE_TOO_LONG");
        (await sandbox.Bot.Call("editMessageCaption", new { chat_id = anna.Id, message_id = own, caption = "x" })).ShouldBeRefused(400, "Bad Request: there is no caption in the message to edit");
        await anna.Post("/block");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = own, text = "x" })).ShouldBeRefused(403, "Forbidden: bot was blocked by the user");
    }

    [Fact]
    public async Task A_caption_is_edited()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        using var form = TestFiles.Form("photo", TestFiles.Png(20, 10), "a.png", ("chat_id", $"{anna.Id}"), ("caption", "Before"));
        var id = Id((await sandbox.Bot.Send("sendPhoto", form)).Result);

        (await sandbox.Bot.Call("editMessageCaption", new { chat_id = anna.Id, message_id = id, caption = "After" })).Result.GetProperty("caption").GetString().ShouldBe("After");

        (await anna.LastMessage()).GetProperty("caption").GetString().ShouldBe("After");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "x" })).ShouldBeRefused(400, "Bad Request: there is no text in the message to edit");
        (await sandbox.Bot.Call("editMessageCaption", new { chat_id = anna.Id, message_id = id, caption = "After" })).ShouldBeRefused(400, NotModified);
    }

    [Fact]
    public async Task A_message_is_pinned_and_deleted()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = Id(await sandbox.Bot.SendMessage(anna.Id, "Card"));

        (await sandbox.Bot.Call("pinChatMessage", new { chat_id = anna.Id, message_id = id })).Result.GetBoolean().ShouldBeTrue();
        (await anna.Chat()).GetProperty("pinnedMessageId").GetInt32().ShouldBe(id);
        (await sandbox.Bot.Call("getChat", new { chat_id = anna.Id })).Result.GetProperty("pinned_message").GetProperty("text").GetString().ShouldBe("Card");
        (await sandbox.Bot.Call("deleteMessage", new { chat_id = anna.Id, message_id = id })).Result.GetBoolean().ShouldBeTrue();

        (await anna.Messages()).ShouldNotContain(message => message.GetProperty("id").GetInt32() == id);
        (await anna.Chat()).TryGetProperty("pinnedMessageId", out _).ShouldBeFalse();
        (await sandbox.Bot.Call("deleteMessage", new { chat_id = anna.Id, message_id = id })).ShouldBeRefused(400, "Bad Request: message to delete not found");
        (await sandbox.Bot.Call("pinChatMessage", new { chat_id = anna.Id, message_id = id })).ShouldBeRefused(400, "Bad Request: message to pin not found");
    }

    private static int Id(System.Text.Json.JsonElement message) => message.GetProperty("message_id").GetInt32();

    private static Task<Answer> Edit(SandboxUnderTest sandbox, object parameters) => sandbox.Bot.Call("editMessageText", parameters);
}
