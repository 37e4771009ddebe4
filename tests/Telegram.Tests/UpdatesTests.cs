using System.Diagnostics;
using System.Text.Json;
using Platform.Testing;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Telegram.Tests;

public sealed class UpdatesTests(BotApp app) : IClassFixture<BotApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_comes_with_its_sender()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest("en"));

        await guest.Chat.Says("/start coffee");

        var update = (await client.UpdatesOf(guest, 2, Ct))[^1];
        update.Type.ShouldBe(UpdateType.Message);
        var message = update.Message!;
        (message.Text, message.Type, message.Chat.Type).ShouldBe(("/start coffee", MessageType.Text, ChatType.Private));
        (message.From!.Id, message.From.IsBot, message.From.FirstName, message.From.LanguageCode).ShouldBe((guest.Id, false, "Анна", "en"));
        message.Entities.ShouldNotBeNull().ShouldHaveSingleItem().Type.ShouldBe(MessageEntityType.BotCommand);
        message.EntityValues!.Single().ShouldBe("/start");
    }

    [Fact]
    public async Task A_persons_own_contact_has_their_id_and_another_contact_has_none()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());

        await guest.Chat.SharesContact();
        await guest.Chat.SharesContactOf("Пётр", "+79161112233");

        var contacts = (await client.UpdatesOf(guest, 3, Ct)).Skip(1).Select(update => update.Message!.Contact!).ToList();
        contacts[0].UserId.ShouldBe(guest.Id);
        contacts[0].PhoneNumber.ShouldNotBeEmpty();
        (contacts[1].UserId, contacts[1].FirstName).ShouldBe((null, "Пётр"));
    }

    [Fact]
    public async Task A_pressed_button_comes_with_its_data_and_can_be_answered()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());
        var sent = await client.Bot.SendMessage(guest.Id, "?", replyMarkup: new InlineKeyboardMarkup(("Да", "yes:1")), cancellationToken: Ct);
        await guest.Chat.Presses("Да");

        var update = (await client.UpdatesOf(guest, 2, Ct))[^1];

        update.Type.ShouldBe(UpdateType.CallbackQuery);
        var query = update.CallbackQuery!;
        (query.Data, query.From.Id, query.Message!.Id, query.Message.Text).ShouldBe(("yes:1", guest.Id, sent.Id, "?"));

        var answering = app.Client();
        await answering.Bot.AnswerCallbackQuery(query.Id, "Готово", showAlert: true, cancellationToken: Ct);
        answering.Body.ShouldBeJson($$"""{'callback_query_id':'{{query.Id}}','text':'Готово','show_alert':true}""");

        var old = await Should.ThrowAsync<ApiRequestException>(() => client.Bot.AnswerCallbackQuery("1", cancellationToken: Ct));
        old.ErrorCode.ShouldBe(400);
    }

    [Fact]
    public async Task Blocking_and_unblocking_the_bot_arrive_as_updates()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());

        await guest.Chat.Blocks();
        await guest.Chat.Unblocks();

        var updates = (await client.UpdatesOf(guest, 3, Ct)).Where(update => update.Type == UpdateType.MyChatMember)
            .Select(update => update.MyChatMember!).TakeLast(2).ToList();
        updates[0].From.Id.ShouldBe(guest.Id);
        updates[0].OldChatMember.ShouldBeOfType<ChatMemberMember>();
        updates[0].NewChatMember.ShouldBeOfType<ChatMemberBanned>().Status.ShouldBe(ChatMemberStatus.Kicked);
        updates[1].NewChatMember.ShouldBeOfType<ChatMemberMember>().IsInChat.ShouldBeTrue();
    }

    [Fact]
    public async Task A_confirmed_update_does_not_come_again()
    {
        var (client, guest) = (app.Client(), await app.GivenGuest());
        await guest.Chat.Says("раз");
        var last = (await client.UpdatesOf(guest, 2, Ct))[^1].Id;

        var rest = await client.Bot.GetUpdates(offset: last + 1, cancellationToken: Ct);

        rest.ShouldNotContain(update => update.Id <= last);
        (await client.Bot.GetUpdates(cancellationToken: Ct)).ShouldNotContain(update => update.Id <= last);
    }

    [Fact]
    public async Task A_long_poll_ends_with_the_next_update_or_with_its_time()
    {
        const string Token = "1000009:long-polls-of-the-tests";
        await app.Sandbox.AddBot(Token, "long_poll_bot");
        var client = app.Client(Token);
        var person = await app.Sandbox.GivenPerson();

        var started = Stopwatch.GetTimestamp();
        (await client.Bot.GetUpdates(timeout: 1, cancellationToken: Ct)).ShouldBeEmpty();
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));

        started = Stopwatch.GetTimestamp();
        var waiting = client.Bot.GetUpdates(
            limit: 10, timeout: 20, allowedUpdates: [UpdateType.Message, UpdateType.CallbackQuery, UpdateType.MyChatMember], cancellationToken: Ct);
        await Eventually.IsTrue(async () => (await app.Sandbox.Requests("getUpdates")).Any(request => request.Status is null), Ct);
        await person.With("long_poll_bot").Says("/start");
        (await waiting).ShouldNotBeEmpty();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));

        System.Text.Json.Nodes.JsonNode.Parse(client.Sent[^1].Body!)
            .ShouldBeJson("{'limit':10,'timeout':20,'allowed_updates':['message','callback_query','my_chat_member']}");
    }

    [Fact]
    public async Task A_webhook_can_be_set_read_and_deleted()
    {
        const string Token = "1000008:webhooks-of-the-tests";
        await app.Sandbox.AddBot(Token, "webhook_bot");
        var client = app.Client(Token);

        await client.Bot.SetWebhook(
            "https://127.0.0.1:1/updates", maxConnections: 5, allowedUpdates: [UpdateType.Message], dropPendingUpdates: true,
            secretToken: "s3cret", cancellationToken: Ct);
        var info = await client.Bot.GetWebhookInfo(Ct);
        (info.Url, info.PendingUpdateCount).ShouldBe(("https://127.0.0.1:1/updates", 0));

        await client.Bot.DeleteWebhook(cancellationToken: Ct);
        (await client.Bot.GetWebhookInfo(Ct)).Url.ShouldBeEmpty();
    }

    [Fact]
    public void A_webhook_update_is_parsed_and_unknown_fields_are_ignored()
    {
        const string Json = """
            {"update_id":10,"message":{"message_id":5,"date":1700000000,"chat":{"id":7,"type":"of_next_year","first_name":"A"},
            "from":{"id":7,"is_bot":false,"first_name":"A"},"text":"Привет","entities":[{"type":"of_next_year","offset":0,"length":6}],"new_field":{"a":[1]}}}
            """;

        var update = JsonSerializer.Deserialize<Update>(Json, JsonBotAPI.Options)!;
        var unknown = JsonSerializer.Deserialize<Update>("""{"update_id":11,"thing_of_next_year":{}}""", JsonBotAPI.Options)!;

        (update.Id, update.Message!.Text, update.Message.Date).ShouldBe((10, "Привет", new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc)));
        update.Message.Chat.Type.ShouldBe(default);
        (unknown.Id, unknown.Type).ShouldBe((11, UpdateType.Unknown));
    }
}
