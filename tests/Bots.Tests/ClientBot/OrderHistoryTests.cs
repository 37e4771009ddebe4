using Platform.Contracts;
using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class OrderHistoryTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_without_orders_is_told_how_to_place_the_first_one()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("🧾 Мои заказы");
        await chat.Sees("Заказов пока нет. Покажите код на кассе, и первый заказ появится здесь.");
        await chat.Presses("☕ Показать код");

        await chat.Sees("Ваш код:");
    }

    [Fact]
    public async Task Orders_are_shown_page_by_page_in_one_message()
    {
        var guest = await app.GivenRegisteredPerson();
        var orders = new List<OrderId>();
        for (var number = 1; number <= 6; number++)
        {
            orders.Add(await app.GivePoints(guest, number * 100));
        }

        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/orders");

        var newest = await chat.Sees($"№ {orders[5]}");
        newest.ShouldContain("600 ₽ · начислено 6 баллов");
        newest.IndexOf($"№ {orders[5]}", StringComparison.Ordinal).ShouldBeLessThan(newest.IndexOf($"№ {orders[1]}", StringComparison.Ordinal));
        newest.ShouldNotContain($"№ {orders[0]} ");
        var messages = (await chat.Messages()).Count;
        await chat.Presses("Более ранние ›");
        (await chat.Sees($"№ {orders[0]}")).ShouldContain("100 ₽ · начислено 1 балл");
        await chat.Presses("‹ К последним");
        await chat.Sees($"№ {orders[5]}");
        (await chat.Messages()).Count.ShouldBe(messages);
    }

    [Fact]
    public async Task A_refund_and_spent_points_are_part_of_the_history()
    {
        var guest = await app.GivenRegisteredPerson();
        var order = await app.GivePoints(guest, 1000);
        await app.Refund(order, 400);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("мои заказы");

        (await chat.Sees($"№ {order}")).ShouldContain("1\u00a0000 ₽ · начислено 10 баллов\nВернули 400 ₽");
    }

    [Fact]
    public async Task An_order_can_be_rated_from_the_history()
    {
        var guest = await app.GivenRegisteredPerson();
        var order = await app.GivePoints(guest, 300);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("/orders");
        await chat.Presses($"⭐ № {order}");
        await chat.Sees($"Как вам заказ № {order}? Поставьте оценку от 1 до 10.");
        await chat.Presses("10");
        await chat.Presses("Отправить без комментария");

        await chat.Sees("Спасибо за отзыв!");
        (await app.Database.Scalar<short>("select rating from loyalty.feedback where user_id = $1 and order_id = $2", Ct,
            (await app.UserOf(guest)).Value, order.Value)).ShouldBe((short)10);
    }
}
