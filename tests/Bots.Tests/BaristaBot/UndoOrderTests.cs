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
        await counter.Presses("Да, отменить");

        var undone = await counter.Sees("отменён. К возврату гостю: 1\u00a0250 ₽");
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

        await counter.Sees("остаётся");
        (await app.Database.Scalar<long>("select points from loyalty.accounts where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(12);
    }

    [Fact]
    public async Task Pressed_three_times_at_once_it_is_undone_once()
    {
        var (guest, counter) = await GivenOrder();

        await counter.Presses("↩️ Отменить заказ");
        await counter.PressesAtOnce("Да, отменить", times: 3);

        await app.Handled(counter.Person);
        await counter.Sees("отменён. К возврату гостю: 1\u00a0250 ₽");
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
        await counter.Sees("✅ Заказ на");
        return (guest, counter);
    }
}
