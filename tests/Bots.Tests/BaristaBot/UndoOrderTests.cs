using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class UndoOrderTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Undoing_an_order_takes_its_points_back_and_notifies_the_guest()
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
            () => app.Database.Scalar<long>(
                "select count(*) from notifications.notifications where user_id = $1 and template = 'order_refunded' and status = 'sent'", Ct, user.Value),
            sent => sent == 1, Ct);
    }

    [Fact]
    public async Task Declining_the_confirmation_keeps_the_order()
    {
        var (guest, counter) = await GivenOrder();

        await counter.Presses("↩️ Отменить заказ");
        await counter.Presses("Нет, оставить");

        (await counter.Sees("✅ Заказ № ")).ShouldContain("У гостя теперь 12 баллов");
        (await app.Database.Scalar<long>("select points from loyalty.accounts where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(12);

        // The button is back on the receipt.
        await counter.Presses("↩️ Отменить заказ");
        await counter.Presses("Да, отменить");
        await counter.Sees("отменён. Верните гостю 1\u00a0250 ₽");
    }

    [Fact]
    public async Task Tapping_undo_twice_asks_once()
    {
        var (_, counter) = await GivenOrder();

        await counter.PressesAtOnce("↩️ Отменить заказ", times: 2);
        await app.Handled(counter.Person);

        (await counter.Count("Отменить заказ № ")).ShouldBe(1);
        (await counter.Messages()).Count(message => message.InlineKeyboard is { Count: > 0 }).ShouldBe(1);
    }

    [Fact]
    public async Task Undo_after_the_time_limit_says_so_at_once_and_the_receipt_stays_without_its_button()
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
    public async Task Confirming_three_times_undoes_the_order_once()
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
