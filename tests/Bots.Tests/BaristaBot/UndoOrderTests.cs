using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class UndoOrderTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_order_is_taken_back_with_its_points_and_the_guest_is_told()
    {
        var (guest, counter) = await GivenOrder();

        await counter.Presses("↩️ Отменить заказ");
        (await counter.Sees("Отменить заказ № ")).ShouldContain(" на 1\u00a0250 ₽? Гость: Анна С.");
        await counter.Presses("Да, отменить");

        var undone = await counter.Sees("отменён. Верните гостю 1\u00a0250 ₽");
        undone.ShouldContain("Снято баллов: 12");
        var user = await app.UserOf(guest);
        (await app.Database.Scalar<long>("select points from loyalty.accounts where user_id = $1", Ct, user.Value)).ShouldBe(0);
        await Eventually.Get(
            () => app.Database.Scalar<long>("select count(*) from notifications.notifications where user_id = $1 and template = 'order_refunded' and status = 'sent'", Ct, user.Value),
            told => told == 1, Ct);
    }

    [Fact]
    public async Task Whoever_thinks_better_of_it_keeps_the_order()
    {
        var (guest, counter) = await GivenOrder();

        await counter.Presses("↩️ Отменить заказ");
        await counter.Presses("Нет, оставить");

        (await counter.Sees("✅ Заказ № ")).ShouldContain("У гостя теперь 12 баллов");
        (await app.Database.Scalar<long>("select points from loyalty.accounts where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(12);

        // The button has come back with the receipt.
        await counter.Presses("↩️ Отменить заказ");
        await counter.Presses("Да, отменить");
        await counter.Sees("отменён. Верните гостю 1\u00a0250 ₽");
    }

    [Fact]
    public async Task Tapped_twice_the_button_asks_once()
    {
        var (_, counter) = await GivenOrder();

        await counter.PressesAtOnce("↩️ Отменить заказ", times: 2);
        await app.Handled(counter.Person);

        (await counter.Count("Отменить заказ № ")).ShouldBe(1);
        (await counter.Messages()).Count(message => message.InlineKeyboard is { Count: > 0 }).ShouldBe(1);
    }

    [Fact]
    public async Task When_the_time_for_it_is_over_the_button_says_so_at_once_and_goes_and_the_receipt_stays()
    {
        var (guest, counter) = await GivenOrder();
        await app.Database.Execute(
            "update loyalty.orders set placed_at = placed_at - interval '6 minutes' where user_id = $1", Ct, (await app.UserOf(guest)).Value);

        await counter.Presses("↩️ Отменить заказ");

        var receipt = await counter.Sees("Время для отмены прошло");
        receipt.ShouldContain("✅ Заказ № ");
        receipt.ShouldContain("1\u00a0250 ₽");
        (await counter.Count("Отменить заказ № ")).ShouldBe(0);
        (await counter.Messages()).ShouldAllBe(message => message.InlineKeyboard == null || message.InlineKeyboard.Count == 0);
    }

    [Fact]
    public async Task Pressed_three_times_at_once_it_is_undone_once()
    {
        var (guest, counter) = await GivenOrder();

        await counter.Presses("↩️ Отменить заказ");
        await counter.PressesAtOnce("Да, отменить", times: 3);

        await app.Handled(counter.Person);
        await counter.Sees("отменён. Верните гостю 1\u00a0250 ₽");
        (await counter.Count("уже отменён")).ShouldBe(0);
        (await app.Database.Scalar<decimal>(
            "select refunded_amount from loyalty.orders where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(1250);
        (await app.VerifyLoyalty()).ShouldBe(0);
    }

    private async Task<(SandboxPerson Guest, SandboxChat Counter)> GivenOrder()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/code");
        var code = new string([.. (await chat.Sees("Ваш код")).Where(char.IsAsciiDigit).Take(6)]);

        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");
        await counter.Says(code);
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1250");
        await counter.Sees("✅ Заказ № ");
        return (guest, counter);
    }
}
