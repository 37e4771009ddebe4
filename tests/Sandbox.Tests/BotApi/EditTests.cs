namespace Platform.Sandbox.Tests.BotApi;

public sealed class EditTests
{
    private const string NotModified = "Bad Request: message is not modified: specified new message content and reply markup "
        + "are exactly the same as a current content and reply markup of the message";

    [Fact]
    public async Task An_edited_text_loses_its_buttons_unless_they_are_sent_again()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = Id(await sandbox.Bot.SendMessage(anna.Id, "4:59", Buttons.Inline(("New", "n"))));

        var kept = (await Edit(sandbox, new
        {
            chat_id = anna.Id, message_id = id, text = "<b>4:58</b>", parse_mode = "HTML", reply_markup = Buttons.Inline(("New", "n")),
        })).Result;
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
    public async Task An_edit_without_a_change_is_refused()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = Id(await sandbox.Bot.SendMessage(anna.Id, "<b>a</b> b", Buttons.Inline(("A", "a")), parseMode: "HTML"));

        var same = Buttons.Inline(("A", "a"));
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "<b>a</b> b", parse_mode = "HTML", reply_markup = same }))
            .ShouldBeRefused(400, NotModified);
        (await sandbox.Bot.Call("editMessageReplyMarkup", new { chat_id = anna.Id, message_id = id, reply_markup = same }))
            .ShouldBeRefused(400, NotModified);
        // The same text, but no longer bold.
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "a b", reply_markup = Buttons.Inline(("A", "a")) })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Buttons_can_be_edited_and_removed_without_the_text()
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
    public async Task A_bot_can_edit_only_its_own_editable_messages()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var own = Id(await sandbox.Bot.SendMessage(anna.Id, "Hi"));
        var withKeyboard = Id(await sandbox.Bot.SendMessage(anna.Id, "Choose", Buttons.Reply("A")));
        var received = await anna.Write("Mine");

        (await Edit(sandbox, new { chat_id = anna.Id, message_id = 7, text = "x" })).ShouldBeRefused(400, "Bad Request: message to edit not found");
        (await Edit(sandbox, new { chat_id = anna.Id, text = "x" })).ShouldBeRefused(400, "Bad Request: message identifier is not specified");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = received, text = "x" })).ShouldBeRefused(400, "Bad Request: message can't be edited");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = withKeyboard, text = "x" })).ShouldBeRefused(400, "Bad Request: message can't be edited");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = own, text = "" })).ShouldBeRefused(400, "Bad Request: message text is empty");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = own, text = new string('x', 4097) }))
            .ShouldBeRefused(400, "Bad Request: MESSAGE_TOO_LONG");
        (await sandbox.Bot.Call("editMessageCaption", new { chat_id = anna.Id, message_id = own, caption = "x" }))
            .ShouldBeRefused(400, "Bad Request: there is no caption in the message to edit");
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

        (await sandbox.Bot.Call("editMessageCaption", new { chat_id = anna.Id, message_id = id, caption = "After" })).Result
            .GetProperty("caption").GetString().ShouldBe("After");

        (await anna.LastMessage()).GetProperty("caption").GetString().ShouldBe("After");
        (await Edit(sandbox, new { chat_id = anna.Id, message_id = id, text = "x" }))
            .ShouldBeRefused(400, "Bad Request: there is no text in the message to edit");
        (await sandbox.Bot.Call("editMessageCaption", new { chat_id = anna.Id, message_id = id, caption = "After" })).ShouldBeRefused(400, NotModified);
    }

    [Fact]
    public async Task A_photo_can_replace_a_photo_or_a_text_and_a_document_can_replace_a_photo()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        using var before = TestFiles.Form("photo", TestFiles.Png(20, 10), "a.png", ("chat_id", $"{anna.Id}"), ("caption", "Before"));
        var id = Id((await sandbox.Bot.Send("sendPhoto", before)).Result);
        var written = Id(await sandbox.Bot.SendMessage(anna.Id, "Text"));

        using var form = TestFiles.Form(
            "qr", TestFiles.Png(30, 30), "b.png", ("chat_id", $"{anna.Id}"), ("message_id", $"{id}"),
            ("media", """{"type":"photo","media":"attach://qr","caption":"<b>After</b>","parse_mode":"HTML"}"""),
            ("reply_markup", """{"inline_keyboard":[[{"text":"Refresh","callback_data":"refresh"}]]}"""));
        var edited = (await sandbox.Bot.Send("editMessageMedia", form)).Result;

        edited.GetProperty("photo")[0].GetProperty("width").GetInt32().ShouldBe(30);
        edited.GetProperty("caption").GetString().ShouldBe("After");
        edited.GetProperty("caption_entities")[0].GetProperty("type").GetString().ShouldBe("bold");
        edited.GetProperty("reply_markup").GetProperty("inline_keyboard")[0][0].GetProperty("callback_data").GetString().ShouldBe("refresh");
        edited.TryGetProperty("edit_date", out _).ShouldBeTrue();

        var fileId = edited.GetProperty("photo")[0].GetProperty("file_id").GetString();
        var photo = new { type = "photo", media = fileId };
        var ofText = (await sandbox.Bot.Call("editMessageMedia", new { chat_id = anna.Id, message_id = written, media = photo })).Result;
        ofText.TryGetProperty("text", out _).ShouldBeFalse();
        ofText.GetProperty("photo")[0].GetProperty("file_id").GetString().ShouldBe(fileId);
        (await sandbox.Bot.Call("editMessageMedia", new { chat_id = anna.Id, message_id = written, media = photo })).ShouldBeRefused(400, NotModified);

        var asDocument = (await sandbox.Bot.Call(
            "editMessageMedia", new { chat_id = anna.Id, message_id = written, media = new { type = "document", media = fileId } })).Result;
        asDocument.TryGetProperty("photo", out _).ShouldBeFalse();
        asDocument.GetProperty("document").GetProperty("file_name").GetString().ShouldBe("b.png");
    }

    [Fact]
    public async Task Invalid_media_and_media_for_a_missing_message_are_refused()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var own = Id(await sandbox.Bot.SendMessage(anna.Id, "Mine"));
        using var text = TestFiles.Form(
            "qr", "no picture"u8.ToArray(), "b.png", ("chat_id", $"{anna.Id}"), ("message_id", $"{own}"),
            ("media", """{"type":"photo","media":"attach://qr"}"""));
        Task<Answer> Edit(object? media, int message) => sandbox.Bot.Call("editMessageMedia", new { chat_id = anna.Id, message_id = message, media });

        (await Edit(null, own)).ShouldBeRefused(400, "Bad Request: parameter \"media\" is required");
        (await Edit("{", own)).ShouldBeRefused(400, "Bad Request: can't parse input media JSON object");
        (await Edit(new { media = "x" }, own)).ShouldBeRefused(400, "Bad Request: can't parse InputMedia: type not found");
        (await Edit(new { type = "photo" }, own)).ShouldBeRefused(400, "Bad Request: can't parse InputMedia: media not found");
        (await Edit(new { type = "photo", media = "x" }, own)).ShouldBeRefused(400, "Bad Request: wrong remote file identifier specified: Wrong string length");
        (await sandbox.Bot.Send("editMessageMedia", text)).ShouldBeRefused(400, "Bad Request: IMAGE_PROCESS_FAILED");

        using var nowhere = TestFiles.Form(
            "qr", TestFiles.Png(3, 3), "b.png", ("chat_id", $"{anna.Id}"), ("message_id", "7"), ("media", """{"type":"photo","media":"attach://qr"}"""));
        (await sandbox.Bot.Send("editMessageMedia", nowhere)).ShouldBeRefused(400, "Bad Request: message to edit not found");
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
        (await sandbox.Bot.Call("deleteMessage", new { chat_id = anna.Id, message_id = id }))
            .ShouldBeRefused(400, "Bad Request: message to delete not found");
        (await sandbox.Bot.Call("pinChatMessage", new { chat_id = anna.Id, message_id = id }))
            .ShouldBeRefused(400, "Bad Request: message to pin not found");
    }

    private static int Id(System.Text.Json.JsonElement message) => message.GetProperty("message_id").GetInt32();

    private static Task<Answer> Edit(SandboxUnderTest sandbox, object parameters) => sandbox.Bot.Call("editMessageText", parameters);
}
