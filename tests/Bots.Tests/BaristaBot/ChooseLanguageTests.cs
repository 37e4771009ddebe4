using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class ChooseLanguageTests(SharedTelegramApp app)
{
    [Fact]
    public async Task A_barista_switches_the_language_and_switches_it_back()
    {
        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");

        await counter.Says("/language");
        await counter.Presses("🇬🇧 English");
        await counter.Sees("English it is.");
        await counter.Sees("Ready for the next code.");
        await counter.Says("🧾 New order");
        await counter.Sees("What is the guest's code?");
        await counter.Says("/cancel");
        await counter.Sees("Cancelled.");

        await counter.Says("/language");
        await counter.Presses("🇷🇺 Русский");
        await counter.Sees("Готов к следующему заказу");
    }

    [Fact]
    public async Task An_unfinished_order_continues_in_the_other_language()
    {
        var guest = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await guest.Says("/code");
        await counter.Says(new string([.. (await guest.Sees("Ваш код")).Where(char.IsAsciiDigit).Take(6)]));
        await counter.Sees("Какая сумма заказа");

        await counter.Says("/language");
        await counter.Presses("🇬🇧 English");
        await counter.Sees("English it is.");
        await counter.Says("1250");

        await counter.Sees(": 1,250 ₽\nGuest: Анна С.");
        (await counter.Sees("The guest now has")).ShouldContain("The guest now has 12 points");
    }

    [Fact]
    public async Task A_person_who_is_not_staff_gets_the_staff_only_message()
    {
        var stranger = (await app.GivenPerson()).With(TelegramApp.CounterBot);

        await stranger.Says("/language");

        await stranger.Sees("Этот бот — для сотрудников");
    }
}
