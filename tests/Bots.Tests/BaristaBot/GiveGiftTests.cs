using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class GiveGiftTests(SharedTelegramApp app)
{
    [Fact]
    public async Task A_gift_for_the_guest_of_a_code_is_chosen_and_confirmed_and_the_guest_is_notified()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());

        await counter.Says("🎁 Подарить");
        await counter.Sees("Кому подарок?");
        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Гость: Анна С.\nЧто подарить?");
        await counter.Presses("Напиток на выбор");
        await counter.Sees("Подарить «Напиток на выбор»? Гость: Анна С.");
        (await app.GiftsOf(guest)).ShouldBe(0);
        await counter.Presses("Да, подарить");

        (await counter.Sees("получает подарок")).ShouldStartWith("🎁 Анна С. получает подарок: Напиток на выбор");
        await guest.With(TelegramApp.GuestBot).Sees("Напиток на выбор");
        (await app.GiftsOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task A_gift_may_have_any_title_and_be_changed_before_it_is_confirmed()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());

        await counter.Says("/gift");
        await counter.Sees("Кому подарок?");
        await counter.Says((await app.CardOf(guest)).ToLowerInvariant());
        await counter.Sees("Что подарить?");
        await counter.Says(new string('я', 101));
        await counter.Sees("Напишите название подарка одной строкой: до 100 знаков");
        await counter.Says("Пирог");
        await counter.Sees("Подарить «Пирог»?");
        await counter.Presses("Нет, другой");
        await counter.Sees("Что подарить?", times: 2);
        await counter.Says("Пирог с <вишней> & кофе");
        await counter.Sees("Подарить «Пирог с <вишней> & кофе»?");
        await counter.Says("Эклер");
        await counter.Sees("Подарить «Эклер»?");
        await counter.Says("да");

        await counter.Sees("получает подарок: Эклер");
        (await app.GiftsOf(guest, "title = 'Эклер'")).ShouldBe(1);
        (await app.GiftsOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task Confirming_three_times_gives_one_gift()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await counter.Says("Подарить");
        await counter.Sees("Кому подарок?");
        await counter.Says(await app.CodeOf(guest));
        await counter.Presses("Эспрессо");
        await counter.Sees("Подарить «Эспрессо»?");

        await counter.PressesAtOnce("Да, подарить", times: 3);
        await counter.Sees("получает подарок: Эспрессо");
        await app.Handled(counter.Person);

        (await app.GiftsOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task Staff_cannot_give_themselves_a_gift()
    {
        var barista = await app.Registered(await app.GivenBarista());
        var counter = barista.With(TelegramApp.CounterBot);

        await counter.Says("/gift");
        await counter.Sees("Кому подарок?");
        await counter.Says(await app.CodeOf(barista));
        await counter.Sees("Это вы сами");
        await counter.Says(await app.CardOf(barista));
        await counter.Presses("Эспрессо");
        await counter.Presses("Да, подарить");

        await counter.Sees("Подарить себе нельзя");
        (await app.GiftsOf(barista)).ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_gift_leaves_no_buttons()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await counter.Says("/gift");
        await counter.Sees("Кому подарок?");
        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Что подарить?");
        await counter.Says("/cancel");
        await counter.Sees("Отменено");

        await app.Handled(counter.Person);

        (await counter.Messages()).ShouldAllBe(message => message.InlineKeyboard == null || message.InlineKeyboard.Count == 0);
    }

    [Fact]
    public async Task A_gift_can_be_given_in_English()
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = (await app.GivenBarista("en")).With(TelegramApp.CounterBot);

        await counter.Says("🎁 Give gift");
        await counter.Sees("Who is the gift for?");
        await counter.Says(await app.CodeOf(guest));
        await counter.Presses("A drink of choice");
        await counter.Presses("Yes, give it");

        await counter.Sees("gets a gift: A drink of choice");
    }
}
