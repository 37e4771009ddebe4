using System.Net;
using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class MyHistoryTests(SharedTelegramApp app)
{
    [Fact]
    public async Task The_day_is_shown_with_totals_and_an_order_can_be_undone_from_it()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await counter.Says("📋 Мои операции");
        await counter.Sees("Операций нет.");

        await Order(counter, guest, 1250);
        await counter.Says("/gift");
        await counter.Sees("Кому подарок?");
        await counter.Says(await app.CardOf(guest));
        await counter.Presses("Эспрессо");
        await counter.Presses("Да, подарить");
        await counter.Sees("получает подарок: Эспрессо");
        await counter.Says("мои операции");

        var day = await counter.Sees("📋 Сегодня", times: 2);
        day.ShouldContain("Заказов: 1 на 1\u00a0250 ₽");
        day.ShouldContain("Баллов начислено: 12, списано: 0");
        day.ShouldContain("Подарков выдано: 1, погашено: 0");
        day.ShouldMatch("[0-9]{2}:[0-9]{2} 🎁 Анна С. · Эспрессо\n[0-9]{2}:[0-9]{2} 🧾 № [0-9]+ · Анна С. · 1\u00a0250 ₽");
        await counter.Presses((await UndoButton(counter))!);
        await counter.Sees("Отменить заказ № ");
        await counter.Presses("Да, отменить");
        await counter.Sees("отменён. Верните гостю 1\u00a0250 ₽");
        await counter.Says("/history");

        (await counter.Sees("↩️ Возврат · Анна С. · 1\u00a0250 ₽")).ShouldContain("📋 Сегодня");
        (await UndoButton(counter)).ShouldBeNull();
    }

    [Fact]
    public async Task A_long_day_has_pages_and_earlier_days_can_be_opened()
    {
        var guest = await app.GivenRegisteredPerson();
        var barista = await app.GivenBarista();
        var (counter, token) = (barista.With(TelegramApp.CounterBot), await app.StaffToken(barista));
        for (var amount = 101; amount <= 110; amount++)
        {
            var placed = await app.Post(app.Loyalty, "/api/loyalty/orders", token, new { code = await app.CodeOf(guest), amount });
            placed.Status.ShouldBe(HttpStatusCode.Created, placed.Body);
        }

        await counter.Says("/history");
        var first = await counter.Sees("📋 Сегодня");
        first.ShouldContain("Заказов: 10 на ");
        first.ShouldContain("· 110 ₽");
        first.ShouldNotContain("· 102 ₽");
        await counter.Presses("Раньше ▶");
        var second = await counter.Sees("· 101 ₽");
        second.ShouldContain("· 102 ₽");
        second.ShouldNotContain("· 103 ₽");
        await counter.Presses("◀ Новее");
        await counter.Sees("· 110 ₽");
        await counter.Presses("⏪ День назад");

        (await counter.Sees("Операций нет.")).ShouldContain("Заказов: 0 на 0 ₽");
        await counter.Presses("День вперёд ⏩");
        await counter.Sees("📋 Сегодня");
    }

    private async Task Order(SandboxChat counter, SandboxPerson guest, int amount)
    {
        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says($"{amount}");
        await counter.Sees("✅ Заказ");
    }

    private static async Task<string?> UndoButton(SandboxChat counter) => (await counter.Messages())
        .Last(message => message.Text?.Contains("📋 Сегодня", StringComparison.Ordinal) is true)
        .InlineKeyboard?.SelectMany(row => row).FirstOrDefault(button => button.Text.StartsWith("↩️", StringComparison.Ordinal))?.Text;
}
