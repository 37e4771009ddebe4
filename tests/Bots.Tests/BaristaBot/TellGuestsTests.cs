using System.Net;
using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

/// <summary>Messages to one guest, and to all of them.</summary>
public sealed class TellGuestsTests(SharedTelegramApp app)
{
    [Fact]
    public async Task A_message_to_one_guest_is_shown_first_and_reaches_them_once()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());

        await counter.Says("✉️ Написать гостю");
        await counter.Sees("Кому написать?");
        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Гость: Анна С.\nЧто написать?");
        await counter.Says("Ваш зонт у нас.");
        await counter.Sees("Гость Анна С. увидит:\n\nВаш зонт у нас.\n\nОтправить?");
        await counter.Presses("Нет, изменить");
        await counter.Sees("Напишите текст ещё раз");
        await counter.Says("Ваш <синий> зонт у нас.\nЗаберёте сегодня?");
        await counter.Sees("Ваш <синий> зонт у нас.\nЗаберёте сегодня?\n\nОтправить?");
        await counter.PressesAtOnce("Да, отправить", times: 2);

        await counter.Sees("✉️ Отправляем");
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Sees("Ваш <синий> зонт у нас.\nЗаберёте сегодня?");
        await app.Handled(counter.Person);
        (await chat.Count("зонт")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_asked_for_again()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await counter.Says("/write");
        await counter.Sees("Кому написать?");
        await counter.Says(await app.CardOf(guest));
        await counter.Sees("Что написать?");

        await counter.Says(new string('я', 1001));
        await counter.Sees("Пришлите текст: до 1\u00a0000 знаков");
        await counter.Says("Ждём вас");

        await counter.Sees("увидит:\n\nЖдём вас");
    }

    [Fact]
    public async Task Writing_to_all_guests_needs_the_right_which_an_admin_grants()
    {
        var guest = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        var counter = await app.GivenCounter();
        (await app.KeyboardOf(counter)).ShouldNotContain("Написать всем");
        await counter.Says("написать всем");
        await counter.Sees("Писать всем гостям вам нельзя");

        var granted = await app.Patch(app.Users, $"/api/users/staff/{counter.Person}", await app.Admin(), new { broadcast = true });
        granted.Status.ShouldBe(HttpStatusCode.OK, granted.Body);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя", times: 2);
        (await app.KeyboardOf(counter)).ShouldContain("📣 Написать всем");
        await counter.Says("📣 Написать всем");
        await counter.Sees("Что написать всем гостям?");
        var news = $"Завтра открыты с семи ({counter.Person})";
        await counter.Says(news);
        (await counter.Sees("Сообщение для всех гостей")).ShouldContain(news);
        await counter.PressesAtOnce("Да, отправить всем", times: 2);

        (await counter.Sees("📣 Отправляем")).ShouldMatch("📣 Отправляем [0-9\u00a0]+ гост(ю|ям)\\.");
        await guest.Sees(news);
        await app.Handled(counter.Person);
        (await guest.Count(news)).ShouldBe(1);
    }
}
