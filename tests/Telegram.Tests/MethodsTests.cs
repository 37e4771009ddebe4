using System.Text;
using Platform.Testing;
using Telegram.Bot;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Telegram.Tests;

public sealed class MethodsTests(BotApp app) : IClassFixture<BotApp>
{
    // One red pixel.
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetMe_sends_no_body()
    {
        var client = app.Client();

        var me = await client.Bot.GetMe(Ct);

        (me.Id, me.IsBot, me.Username).ShouldBe((1000001, true, TelegramSandbox.GuestBot));
        client.Bot.BotId.ShouldBe(1000001);
        client.Sent.ShouldBe([new Sent($"/bot{TelegramSandbox.GuestToken}/getMe", null, null)]);
    }

    [Fact]
    public async Task A_message_is_sent_as_JSON_with_only_the_fields_that_are_set()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());

        var sent = await client.Bot.SendMessage(
            guest.Id, "<b>Тест</b> & точка".Replace("&", "&amp;", StringComparison.Ordinal), ParseMode.Html, cancellationToken: Ct);

        client.Sent[0].ContentType.ShouldBe("application/json");
        client.Body.ShouldBeJson($$"""{'chat_id':{{guest.Id}},'text':'<b>Тест</b> &amp; точка','parse_mode':'Html'}""");
        (sent.Text, sent.Chat.Id, sent.Chat.Type, sent.Type).ShouldBe(("Тест & точка", guest.Id, ChatType.Private, MessageType.Text));
        sent.Date.Kind.ShouldBe(DateTimeKind.Utc);
        (DateTime.UtcNow - sent.Date).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));
        var entity = sent.Entities.ShouldNotBeNull().ShouldHaveSingleItem();
        (entity.Type, entity.Offset, entity.Length).ShouldBe((MessageEntityType.Bold, 0, 4));
        await guest.Chat.Sees("Тест & точка");
    }

    [Fact]
    public async Task Optional_fields_of_a_message_have_the_Bot_API_names()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());
        var first = (await app.Client().UpdatesOf(guest, 1, Ct))[0].Message!.Id;

        await client.Bot.SendMessage(
            guest.Id, "x", replyParameters: first, linkPreviewOptions: LinkPreviewOptions.Disabled, disableNotification: true, protectContent: true,
            entities: [new MessageEntity { Type = MessageEntityType.Bold, Offset = 0, Length = 1 }], cancellationToken: Ct);

        client.Body.ShouldBeJson($$"""
            {'chat_id':{{guest.Id}},'text':'x','reply_parameters':{'message_id':{{first}}},'link_preview_options':{'is_disabled':true},
            'disable_notification':true,'protect_content':true,'entities':[{'type':'bold','offset':0,'length':1}]}
            """);
    }

    [Fact]
    public async Task Inline_buttons_are_sent_in_rows()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());

        await client.Bot.SendMessage(
            guest.Id,
            "x",
            replyMarkup: new InlineKeyboardMarkup()
                .AddButton("Да", "yes:1").AddButton(InlineKeyboardButton.WithCallbackData("Нет", "no:1"))
                .AddNewRow(InlineKeyboardButton.WithUrl("Сайт", "https://example.com/")),
            cancellationToken: Ct);

        client.Body["reply_markup"].ShouldBeJson("""
            {'inline_keyboard':[[{'text':'Да','callback_data':'yes:1'},{'text':'Нет','callback_data':'no:1'}],
            [{'text':'Сайт','url':'https://example.com/'}]]}
            """);
        var keyboard = (await guest.Chat.Messages())[^1].InlineKeyboard!;
        keyboard.Select(row => row.Count).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task A_reply_keyboard_can_be_shown_and_removed()
    {
        var (asking, taking, guest) = (app.Client(), app.Client(), await app.GivenGuest());

        await asking.Bot.SendMessage(
            guest.Id,
            "Ваш номер?",
            replyMarkup: new ReplyKeyboardMarkup(resizeKeyboard: true) { OneTimeKeyboard = true, InputFieldPlaceholder = "Номер" }
                .AddButton(KeyboardButton.WithRequestContact("Поделиться")).AddNewRow("Отмена"),
            cancellationToken: Ct);
        await taking.Bot.SendMessage(guest.Id, "Спасибо", replyMarkup: new ReplyKeyboardRemove(), cancellationToken: Ct);

        asking.Body["reply_markup"].ShouldBeJson("""
            {'keyboard':[[{'text':'Поделиться','request_contact':true}],[{'text':'Отмена'}]],
            'resize_keyboard':true,'one_time_keyboard':true,'input_field_placeholder':'Номер'}
            """);
        taking.Body["reply_markup"].ShouldBeJson("{'remove_keyboard':true}");
    }

    [Fact]
    public async Task A_message_can_be_edited_and_deleted()
    {
        var (bot, editing, guest) = (app.Client().Bot, app.Client(), await app.GivenGuest());
        var sent = await bot.SendMessage(guest.Id, "Осталось 90 с", replyMarkup: new InlineKeyboardMarkup(("Новый", "new")), cancellationToken: Ct);

        var edited = await editing.Bot.EditMessageText(guest.Id, sent.Id, "Осталось 85 с", ParseMode.Html, sent.ReplyMarkup, cancellationToken: Ct);
        var bare = await bot.EditMessageReplyMarkup(guest.Id, sent.Id, cancellationToken: Ct);

        editing.Body.ShouldBeJson($$"""
            {'chat_id':{{guest.Id}},'message_id':{{sent.Id}},'reply_markup':{'inline_keyboard':[[{'text':'Новый','callback_data':'new'}]]},
            'text':'Осталось 85 с','parse_mode':'Html'}
            """);
        edited.Text.ShouldBe("Осталось 85 с");
        edited.EditDate.ShouldNotBeNull();
        edited.ReplyMarkup.ShouldNotBeNull().InlineKeyboard.Single().Single().CallbackData.ShouldBe("new");
        bare.ReplyMarkup.ShouldBeNull();

        await bot.DeleteMessage(guest.Id, sent.Id, Ct);
        (await guest.Chat.Messages()).ShouldNotContain(message => message.Id == sent.Id);
    }

    [Fact]
    public async Task A_photo_is_uploaded_as_a_form_sent_again_by_id_and_downloaded()
    {
        var (uploading, repeating, guest) = (app.Client(), app.Client(), await app.GivenGuest());
        using var picture = new MemoryStream(Png);

        var photo = await uploading.Bot.SendPhoto(
            guest.Id, InputFile.FromStream(picture, "pixel.png"), "<i>Точка</i>", ParseMode.Html, cancellationToken: Ct);
        var fileId = photo.Photo.ShouldNotBeNull()[^1].FileId;
        var again = await repeating.Bot.SendPhoto(guest.Id, InputFile.FromFileId(fileId), cancellationToken: Ct);

        uploading.Sent[0].ContentType.ShouldBe("multipart/form-data");
        repeating.Body.ShouldBeJson($$"""{'chat_id':{{guest.Id}},'photo':'{{fileId}}'}""");
        (photo.Caption, photo.CaptionEntities!.Single().Type, photo.Type).ShouldBe(("Точка", MessageEntityType.Italic, MessageType.Photo));
        again.Photo![^1].FileUniqueId.ShouldBe(photo.Photo[^1].FileUniqueId);

        var file = await repeating.Bot.GetFile(fileId, Ct);
        using var fetched = new MemoryStream();
        await repeating.Bot.DownloadFile(file, fetched, Ct);
        fetched.ToArray().ShouldBe(Png);
    }

    [Fact]
    public async Task A_photo_can_be_replaced_by_an_upload_or_by_id()
    {
        var (uploading, repeating, guest) = (app.Client(), app.Client(), await app.GivenGuest());
        using var first = new MemoryStream(Png);
        using var second = new MemoryStream(Png);
        var sent = await app.Client().Bot.SendPhoto(guest.Id, InputFile.FromStream(first, "card.png"), "Было", cancellationToken: Ct);

        var replaced = await uploading.Bot.EditMessageMedia(
            guest.Id, sent.Id, new InputMediaPhoto(InputFile.FromStream(second, "card.png")) { Caption = "<b>Стало</b>", ParseMode = ParseMode.Html },
            new InlineKeyboardMarkup(("Ещё раз", "again")), cancellationToken: Ct);
        var fileId = sent.Photo![^1].FileId;
        var again = await repeating.Bot.EditMessageMedia(
            guest.Id, sent.Id, new InputMediaPhoto(InputFile.FromFileId(fileId)) { Caption = "Опять", ParseMode = ParseMode.Html }, cancellationToken: Ct);

        uploading.Sent[0].ContentType.ShouldBe("multipart/form-data");
        (replaced.Caption, replaced.CaptionEntities!.Single().Type, replaced.Type).ShouldBe(("Стало", MessageEntityType.Bold, MessageType.Photo));
        replaced.Photo![^1].FileUniqueId.ShouldNotBe(sent.Photo[^1].FileUniqueId);
        replaced.ReplyMarkup.ShouldNotBeNull().InlineKeyboard.Single().Single().CallbackData.ShouldBe("again");
        repeating.Body["media"].ShouldBeJson($$"""{'type':'photo','media':'{{fileId}}','caption':'Опять','parse_mode':'Html'}""");
        (again.Id, again.Photo![^1].FileUniqueId).ShouldBe((sent.Id, sent.Photo[^1].FileUniqueId));
    }

    [Fact]
    public async Task A_file_keeps_a_name_in_any_alphabet()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("1;2"));

        var sent = await client.Bot.SendDocument(
            guest.Id, new InputFileStream(content, "Чек №1.csv"), replyMarkup: new InlineKeyboardMarkup(("Ещё", "more")), cancellationToken: Ct);

        (sent.Document!.FileName, sent.Document.FileSize, sent.Type).ShouldBe(("Чек №1.csv", 3, MessageType.Document));
        (await guest.Chat.Messages())[^1].InlineKeyboard!.Single().Single().Data.ShouldBe("more");
    }

    [Fact]
    public async Task Commands_are_set_for_a_scope_and_language()
    {
        var (all, one, guest) = (app.Client(), app.Client(), await app.GivenGuest());

        await all.Bot.SetMyCommands([("profile", "Мои баллы"), new BotCommand("help", "Помощь")], BotCommandScope.AllPrivateChats(), "ru", Ct);
        await one.Bot.SetMyCommands([("undo", "Отменить")], BotCommandScope.Chat(guest.Id), cancellationToken: Ct);

        all.Body.ShouldBeJson("""
            {'commands':[{'command':'profile','description':'Мои баллы'},{'command':'help','description':'Помощь'}],
            'scope':{'type':'all_private_chats'},'language_code':'ru'}
            """);
        one.Body["scope"].ShouldBeJson($$"""{'type':'chat','chat_id':{{guest.Id}}}""");
        (await one.Bot.GetMyCommands(BotCommandScope.AllPrivateChats(), "ru", Ct)).Select(command => command.Command).ShouldBe(["profile", "help"]);
    }

    [Fact]
    public async Task A_chat_action_is_sent()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());

        await client.Bot.SendChatAction(guest.Id, ChatAction.UploadDocument, cancellationToken: Ct);

        client.Body.ShouldBeJson($$"""{'chat_id':{{guest.Id}},'action':'upload_document'}""");
    }
}
