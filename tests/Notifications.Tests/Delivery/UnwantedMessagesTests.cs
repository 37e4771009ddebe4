using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

public sealed class UnwantedMessagesTests(DeliveryApp app) : IClassFixture<DeliveryApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reminder_that_was_queued_before_it_was_switched_off_is_not_sent()
    {
        // Waits, since the guest has not started the bot yet.
        var guest = await app.GivenRegistered();
        await app.Deliver(Happened.PointsEnd(guest.User), Happened.Order(guest.User), Happened.Gift(guest.User), Happened.Reply(guest.User, "Уже несём!"));
        await app.Put("/api/notifications/preferences", app.ClientToken(guest.User), new { reminders = false, marketing = false });

        await app.Start(guest);

        await guest.Chat.Sees("Спасибо за заказ");
        await guest.Chat.Sees("Вам подарок: Капучино");
        await guest.Chat.Sees("Уже несём!");
        (await app.Sees(guest, "suppressed")).Json("error").ShouldBe("opted_out");
        (await guest.Chat.Count("сгорать")).ShouldBe(0);
        (await app.Count($"select count(*) from queue where user_id = {guest.User}")).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_to_all_that_was_queued_before_it_was_switched_off_is_not_sent()
    {
        var (willing, unwilling) = (await app.GivenGuest(), await app.GivenGuest());
        // Neither may be sent before the second guest has changed their mind.
        await app.Execute($"update chats set next_at = 'infinity' where telegram_id in ({willing.TelegramId}, {unwilling.TelegramId})");
        await app.Post("/api/notifications/messages", app.BroadcasterToken(4), body: new { segment = "all", text = "Новое <меню> & десерты" });
        await app.Put("/api/notifications/preferences", app.ClientToken(unwilling.User), new { marketing = false });

        await app.Execute($"update chats set next_at = '-infinity' where telegram_id in ({willing.TelegramId}, {unwilling.TelegramId})");

        await willing.Chat.Sees("Наши новости:\n\nНовое <меню> & десерты\n\nНе хотите");
        (await app.Sees(unwilling, "suppressed")).Json("error").ShouldBe("opted_out");
        (await unwilling.Chat.Count("Новое")).ShouldBe(0);
    }

    [Fact]
    public async Task Markup_in_a_reply_and_in_a_message_of_the_staff_is_escaped()
    {
        var guest = await app.GivenGuest();

        await app.Deliver(Happened.Reply(guest.User, "Кофе <b>готов</b> & ждёт", "a < b"));
        await app.Post("/api/notifications/messages", app.StaffToken(3), body: new { userId = guest.User, text = "<a href=\"x\">Зонт</a>" });

        await guest.Chat.Sees("Ответ на ваше сообщение «a < b»:\n\nКофе <b>готов</b> & ждёт");
        await guest.Chat.Sees("Вам пишет наша команда:\n\n<a href=\"x\">Зонт</a>");
        await Eventually.Get(() => app.Count($"select count(*) from queue where user_id = {guest.User}"), left => left == 0, Ct);
    }
}
