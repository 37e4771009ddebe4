using System.Text;

namespace Platform.Sandbox.Tests.BotApi;

public sealed class FilesTests
{
    [Fact]
    public async Task A_photo_can_be_sent_shown_and_sent_again_by_its_id()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var picture = TestFiles.Png(300, 200);
        using var form = TestFiles.Form("photo", picture, "qr.png", ("chat_id", $"{anna.Id}"), ("caption", "<b>Card</b>"), ("parse_mode", "HTML"));

        var sent = (await sandbox.Bot.Send("sendPhoto", form)).Result;

        sent.GetProperty("caption").GetString().ShouldBe("Card");
        sent.GetProperty("caption_entities")[0].GetProperty("type").GetString().ShouldBe("bold");
        var size = sent.GetProperty("photo")[0];
        (size.GetProperty("width").GetInt32(), size.GetProperty("height").GetInt32()).ShouldBe((300, 200));
        var seen = await anna.LastMessage();
        seen.GetProperty("html").GetString().ShouldBe("<b>Card</b>");
        var url = new Uri(seen.GetProperty("photo").GetProperty("url").GetString()!, UriKind.Relative);
        (await sandbox.Client.GetByteArrayAsync(url, TestContext.Current.CancellationToken)).ShouldBe(picture);

        var again = (await sandbox.Bot.Call("sendPhoto", new { chat_id = anna.Id, photo = size.GetProperty("file_id").GetString() })).Result;
        again.GetProperty("photo")[0].GetProperty("file_unique_id").GetString().ShouldBe(size.GetProperty("file_unique_id").GetString());
        again.TryGetProperty("caption", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_bot_can_download_a_document_from_a_person()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var content = Encoding.UTF8.GetBytes("Резюме");
        using var form = TestFiles.Form("file", content, "resume.txt", ("caption", "Here it is"));
        (await anna.Post("/document", form)).Status.ShouldBe(200);

        var message = (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("message");
        message.GetProperty("caption").GetString().ShouldBe("Here it is");
        message.GetProperty("document").GetProperty("file_name").GetString().ShouldBe("resume.txt");
        var file = (await sandbox.Bot.Call("getFile", new { file_id = message.GetProperty("document").GetProperty("file_id").GetString() })).Result;
        file.GetProperty("file_size").GetInt32().ShouldBe(content.Length);
        var address = new Uri($"/file/bot{SandboxUnderTest.Token}/{file.GetProperty("file_path").GetString()}", UriKind.Relative);

        (await sandbox.Client.GetByteArrayAsync(address, TestContext.Current.CancellationToken)).ShouldBe(content);
    }

    [Fact]
    public async Task A_photo_from_a_person_has_its_width()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        using var form = TestFiles.Form("file", TestFiles.Png(64, 48), "me.png");
        (await anna.Post("/photo", form)).Status.ShouldBe(200);
        using var noPicture = TestFiles.Form("file", [1, 2, 3], "me.png");

        (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("message").GetProperty("photo")[0]
            .GetProperty("width").GetInt32().ShouldBe(64);
        (await anna.Post("/photo", noPicture)).ShouldBeProblem(400);
        (await anna.Post("/photo", new { })).ShouldBeProblem(400);
    }

    [Fact]
    public async Task A_document_sent_by_address_is_downloaded_from_there()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        var sent = (await sandbox.Bot.Call("sendDocument", new { chat_id = anna.Id, document = new Uri(sandbox.Address, "/icon.svg") })).Result;

        sent.GetProperty("document").GetProperty("file_name").GetString().ShouldBe("icon.svg");
        sent.GetProperty("document").GetProperty("mime_type").GetString().ShouldBe("image/svg+xml");
        (await sandbox.Bot.Call("sendDocument", new { chat_id = anna.Id, document = new Uri(sandbox.Address, "/nothing") }))
            .ShouldBeRefused(400, "Bad Request: failed to get HTTP URL content");
        (await sandbox.Bot.Call("sendDocument", new { chat_id = anna.Id, document = "http://127.0.0.1:1/" }))
            .ShouldBeRefused(400, "Bad Request: failed to get HTTP URL content");
    }

    [Fact]
    public async Task Files_that_Telegram_would_reject_are_refused()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        using var noPicture = TestFiles.Form("photo", [1, 2, 3], "a.png", ("chat_id", $"{anna.Id}"));
        using var empty = TestFiles.Form("document", [], "a.txt", ("chat_id", $"{anna.Id}"));
        using var longCaption = TestFiles.Form("document", [1], "a.txt", ("chat_id", $"{anna.Id}"), ("caption", new string('x', 1025)));

        (await sandbox.Bot.Send("sendPhoto", noPicture)).ShouldBeRefused(400, "Bad Request: IMAGE_PROCESS_FAILED");
        (await sandbox.Bot.Send("sendDocument", empty)).ShouldBeRefused(400, "Bad Request: file must be non-empty");
        (await sandbox.Bot.Send("sendDocument", longCaption)).ShouldBeRefused(400, "Bad Request: message caption is too long");
        (await sandbox.Bot.Call("sendPhoto", new { chat_id = anna.Id })).ShouldBeRefused(400, "Bad Request: there is no photo in the request");
        (await sandbox.Bot.Call("sendPhoto", new { chat_id = anna.Id, photo = "AgADnonsense" }))
            .ShouldBeRefused(400, "Bad Request: wrong remote file identifier specified: Wrong string length");
        (await sandbox.Bot.Call("getFile", new { file_id = "nonsense" })).ShouldBeRefused(400, "Bad Request: invalid file_id");
        (await sandbox.Bot.Call("getFile")).ShouldBeRefused(400, "Bad Request: file_id not specified");
    }

    [Fact]
    public async Task A_bot_can_send_a_contact()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        await sandbox.Bot.Call("sendContact", new { chat_id = anna.Id, phone_number = "+79001112233", first_name = "Shop" });

        (await anna.LastMessage()).GetProperty("contact").GetRawText().ShouldBe("""{"phoneNumber":"+79001112233","firstName":"Shop"}""");
        (await sandbox.Bot.Call("sendContact", new { chat_id = anna.Id, first_name = "Shop" }))
            .ShouldBeRefused(400, "Bad Request: parameter \"phone_number\" is required");
    }

    [Fact]
    public async Task A_bot_can_look_up_a_person()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Bot.Call("getChat", new { chat_id = SandboxUnderTest.John })).Result.GetProperty("username").GetString().ShouldBe("john_miller");
        (await sandbox.Bot.Call("getChat", new { chat_id = 5 })).ShouldBeRefused(400, "Bad Request: chat not found");
        (await sandbox.Bot.Call("getChatMember", new { chat_id = SandboxUnderTest.John, user_id = SandboxUnderTest.John })).Result
            .GetProperty("status").GetString().ShouldBe("member");
        (await sandbox.Bot.Call("getChatMember", new { chat_id = SandboxUnderTest.John, user_id = 5 }))
            .ShouldBeRefused(400, "Bad Request: PARTICIPANT_ID_INVALID");
    }
}
