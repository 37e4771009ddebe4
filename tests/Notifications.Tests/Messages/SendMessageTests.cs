using System.Net;
using Platform.Contracts;

namespace Platform.Notifications.Tests.Messages;

/// <summary>With an app of its own, because messages to all guests go to those of other classes too.</summary>
public sealed class SendMessageTests(SendMessageTests.App app) : IClassFixture<SendMessageTests.App>
{
    private const string Address = "/api/notifications/messages";

    [Theory]
    [InlineData("ru", "Сообщение от «Кофе рядом»:\n\nВаш зонт у нас.\nЗаходите!")]
    [InlineData("en", "A message from «Кофе рядом»:\n\nВаш зонт у нас.\nЗаходите!")]
    public async Task Any_member_of_the_staff_may_write_to_one_guest(string language, string text)
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user, language, telegramId: ChatOf(user)), Happened.Started(ChatOf(user)));

        var answer = await app.Post(Address, app.StaffToken(3), body: new { userId = user, text = " Ваш зонт у нас.\r\nЗаходите! " });

        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Body);
        answer.Json("recipients").ShouldBe(1L);
        var message = (await app.Mine(user)).ShouldHaveSingleItem();
        message.Json("text").ShouldBe(text);
        message.Json("category").ShouldBe("transactional");
        (await app.Count($"select count(*) from audit where action = 'message.send' and target = 'user:{user}' and subject = 'staff:3'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("MNT-7KQ2M9X7")]
    [InlineData("mnt 7kq2-m9x7")]
    [InlineData("7KQ2M9X7")]
    public async Task A_guest_can_be_addressed_by_card_number(string typed)
    {
        var user = Happened.NewUser();
        await app.Execute("update contacts set member_id = null");
        await app.Deliver(Happened.Registered(user, memberId: "MNT-7KQ2M9X7"));

        var answer = await app.Post(Address, app.StaffToken(3), body: new { memberId = typed, text = "Ваш зонт у нас." });

        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Body);
        (await app.Mine(user)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Staff_learn_that_no_bot_can_write_to_the_guest()
    {
        var (blocked, notStarted) = (Happened.NewUser(), Happened.NewUser());
        await app.Deliver(Happened.Registered(blocked, telegramId: ChatOf(blocked)), Happened.Started(ChatOf(blocked)), Happened.Registered(notStarted));
        await app.Execute($"update chats set blocked_at = started_at where telegram_id = {ChatOf(blocked)}");

        foreach (var user in new[] { blocked, notStarted })
        {
            var answer = await app.Post(Address, app.StaffToken(3), body: new { userId = user, text = "Ваш зонт у нас." });

            answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Body);
            answer.Json("recipients").ShouldBe(0L);
            (await app.Mine(user)).Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Unknown_and_erased_guests_are_not_found()
    {
        var erased = Happened.NewUser();
        await app.Deliver(Happened.Registered(erased));
        await app.Execute($"update contacts set erased = true, full_name = '', city = null where user_id = {erased}");

        foreach (var body in new object[]
        {
            new { userId = Happened.NewUser(), text = "x" }, new { userId = erased, text = "x" }, new { memberId = "MNT-0000000Z", text = "x" },
        })
        {
            (await app.Post(Address, app.StaffToken(3), body: body)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
        }
    }

    [Fact]
    public async Task One_recipient_must_be_named()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user));

        (await app.Post(Address, app.StaffToken(3), body: new { text = "x" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "recipient_ambiguous");
        (await app.Post(Address, app.BroadcasterToken(3), body: new { userId = user, segment = "all", text = "x" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "recipient_ambiguous");
        (await app.Post(Address, app.BroadcasterToken(3), body: new { segment = "some", text = "x" }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("\u200B\u3164")]
    [InlineData("a\u0007b")]
    [InlineData(null)]
    public async Task A_text_that_cannot_be_read_is_refused(string? text)
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user));

        var refused = await app.Post(Address, app.StaffToken(3), body: new { userId = user, text });

        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.Json("errors.text").ShouldNotBeNull(refused.Body);
    }

    [Fact]
    public async Task A_text_of_more_than_a_thousand_characters_is_refused()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user));

        (await app.Post(Address, app.StaffToken(3), body: new { userId = user, text = new string('я', 1000) })).Status.ShouldBe(HttpStatusCode.Accepted);
        (await app.Post(Address, app.StaffToken(3), body: new { userId = user, text = new string('я', 1001) }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Writing_to_all_guests_needs_the_right_to_broadcast()
    {
        (await app.Post(Address, app.StaffToken(3), body: new { segment = "all", text = "without the right" }))
            .ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");

        (await app.Count("select count(*) from notifications where parameters::text like '%without the right%'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_to_all_goes_to_those_who_can_be_reached_and_want_it()
    {
        await app.Execute("delete from queue; delete from notifications; delete from contacts; delete from chats");
        var people = Enumerable.Range(0, 6).Select(_ => Happened.NewUser()).ToArray();
        var (willing, english, optedOut, notStarted, blocked, erased) = (people[0], people[1], people[2], people[3], people[4], people[5]);
        await app.Deliver([.. people.Select(user => Happened.Registered(user, user == english ? "en" : "ru", telegramId: ChatOf(user)))]);
        await app.Deliver([.. people.Where(user => user != notStarted).Select(user => Happened.Started(ChatOf(user)))]);
        await app.Put("/api/notifications/preferences", app.ClientToken(optedOut), new { marketing = false });
        await app.Execute($"""
            update chats set blocked_at = started_at where telegram_id = {ChatOf(blocked)};
            update contacts set erased = true, full_name = '', city = null where user_id = {erased}
            """);

        var key = Guid.NewGuid().ToString();
        var body = new { segment = "all", text = "Новое меню!" };
        var answer = await app.Post(Address, app.BroadcasterToken(4), key, body);
        var again = await app.Post(Address, app.BroadcasterToken(4), key, body);

        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Body);
        answer.Json("recipients").ShouldBe(2L);
        again.Body.ShouldBe(answer.Body);
        (await app.Count("select count(*) from notifications where template = 'broadcast' and category = 'marketing'")).ShouldBe(2);
        (await app.Mine(willing)).ShouldHaveSingleItem().Json("text").ShouldBe(
            "Сообщение от «Кофе рядом»:\n\nНовое меню!\n\nНе хотите получать такие сообщения? Отключите их: /notifications");
        (await app.Mine(english)).ShouldHaveSingleItem().Json("text").ShouldBe(
            "A message from «Кофе рядом»:\n\nНовое меню!\n\nDon’t want such messages? Switch them off: /notifications");
        (await app.Count("select count(*) from audit where action = 'message.send' and target = 'segment:all' and details ->> 'recipients' = '2'")).ShouldBe(1);

        // Everything else goes first, whenever it is queued.
        await app.Deliver(Happened.Order(willing), Happened.Level(willing), Happened.PointsEnd(willing));
        (await app.Column($"select template from queue q join notifications n on n.id = q.notification_id where n.user_id = {willing} order by priority"))
            .ShouldBe(["order_placed", "level_changed", "points_expiring", "broadcast"]);
    }

    private static TelegramId ChatOf(UserId user) => new(7_600_000_000 + user.Value);

    public sealed class App : NotificationsApp
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Notifications:BusinessName", "«Кофе рядом»")];
    }
}
