using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class RedeemGiftTests(SharedTelegramApp app)
{
    private const string Redeemed = "redeemed_at is not null";

    [Fact]
    public async Task A_gift_is_chosen_from_the_guests_list_and_redeemed_once()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await app.GivenGift(guest, "Капучино");
        await app.GivenGift(guest, "Эклер");

        await counter.Says("✅ Погасить подарок");
        await counter.Sees("Чей подарок?");
        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Гость: Анна С.\nКакой подарок погасить?");
        await counter.Presses("Эклер");
        await counter.Sees("Погасить «Эклер»? Гость: Анна С.");
        await counter.Presses("Нет");
        await counter.Sees("Какой подарок погасить?");
        await counter.Presses("Капучино");
        await counter.Sees("Погасить «Капучино»?");
        (await app.GiftsOf(guest, Redeemed)).ShouldBe(0);
        await counter.PressesAtOnce("Да, погасить", times: 3);

        await counter.Sees("✅ Подарок погашен: Капучино. Гость: Анна С.");
        await app.Handled(counter.Person);
        await counter.Sees("✅ Подарок погашен: Капучино. Гость: Анна С.");
        (await app.GiftsOf(guest, Redeemed)).ShouldBe(1);
        await guest.With(TelegramApp.GuestBot).Sees("Подарок получен: Капучино");
    }

    [Fact]
    public async Task A_guest_without_gifts_is_told_apart_from_a_wrong_number()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());

        await counter.Says("/redeem");
        await counter.Sees("Чей подарок?");
        await counter.Says("MNT-00000000");
        await counter.Sees("Такого гостя нет");
        await counter.Says(await app.CardOf(guest));

        await counter.Sees("Гость: Анна С.\nПодарков сейчас нет.");
    }

    [Fact]
    public async Task A_gift_redeemed_at_another_counter_is_not_redeemed_again()
    {
        var (guest, counter, other) = (await app.GivenRegisteredPerson(), await app.GivenCounter(), await app.GivenCounter());
        await app.GivenGift(guest, "Капучино");
        foreach (var chat in new[] { counter, other })
        {
            await chat.Says("/redeem");
            await chat.Sees("Чей подарок?");
            await chat.Says(await app.CardOf(guest));
            await chat.Presses("Капучино");
            await chat.Sees("Погасить «Капучино»?");
        }

        await other.Presses("Да, погасить");
        await other.Sees("Подарок погашен: Капучино");
        await counter.Presses("Да, погасить");
        await app.Handled(counter.Person);

        (await counter.Count("Подарок погашен")).ShouldBe(0);
        (await counter.Messages()).ShouldAllBe(message => message.InlineKeyboard == null || message.InlineKeyboard.Count == 0);
        (await app.GiftsOf(guest, Redeemed)).ShouldBe(1);
    }

    [Fact]
    public async Task The_receipt_offers_the_guests_gifts_and_undoing_the_order_returns_the_redeemed_one()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await app.GivenGift(guest, "Капучино");
        await app.GivenGift(guest, "Эклер");

        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says("300");
        await counter.Presses("🎁 Подарки гостя: 2");
        await counter.Sees("Какой подарок погасить с этим заказом?");
        await counter.Presses("◀ Назад");
        await counter.Presses("🎁 Подарки гостя: 2");
        await counter.Presses("Эклер");

        var receipt = await counter.Sees("🎁 Подарок погашен: Эклер");
        receipt.ShouldStartWith("✅ Заказ № ");
        (await app.GiftsOf(guest, $"{Redeemed} and title = 'Эклер' and order_id is not null")).ShouldBe(1);
        await counter.Presses("↩️ Отменить заказ");
        await counter.Presses("Да, отменить");
        await counter.Sees("отменён. Верните гостю 300 ₽");
        (await app.GiftsOf(guest, Redeemed)).ShouldBe(0);
    }

    [Fact]
    public async Task Staff_cannot_redeem_their_own_gift()
    {
        var barista = await app.Registered(await app.GivenBarista());
        var counter = barista.With(TelegramApp.CounterBot);
        await app.GivenGift(barista, "Капучино");

        await counter.Says("/redeem");
        await counter.Sees("Чей подарок?");
        await counter.Says(await app.CardOf(barista));
        await counter.Presses("Капучино");
        await counter.Presses("Да, погасить");

        await counter.Sees("Это ваш собственный подарок. Погасить его может коллега.");
        (await app.GiftsOf(barista, Redeemed)).ShouldBe(0);
    }
}
