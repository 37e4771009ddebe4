using System.Net;
using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

/// <summary>With shops, which change every counter: hence a platform of their own, which the alerts share.</summary>
public sealed class WorkShiftTests(WorkShiftTests.App app) : IClassFixture<WorkShiftTests.App>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shift_is_opened_with_a_shop_and_closed_with_its_totals()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());

        await counter.Says("🕒 Смена");
        await counter.Sees("В какой кофейне открыть смену?");
        await counter.Says("не знаю");
        await counter.Sees("Нажмите кнопку с вашей кофейней");
        await counter.PressesAtOnce("Мира, 5", times: 2);
        await counter.Sees("🕒 Смена открыта: Мира, 5");
        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1250");
        await counter.Sees("✅ Заказ");
        await counter.Says("смена");
        var current = await counter.Sees("Смена открыта ", times: 1);
        current.ShouldStartWith("🕒 Мира, 5\nСмена открыта ");
        current.ShouldContain("Заказов: 1 на 1\u00a0250 ₽\nБаллов начислено: 12, списано: 0\nПодарков выдано: 0, погашено: 0");
        await counter.Presses("Закрыть смену");
        await counter.Sees("Закрыть смену?");
        await counter.Presses("Нет");
        await counter.Presses("Закрыть смену");
        await counter.PressesAtOnce("Да, закрыть", times: 2);

        (await counter.Sees("🏁 Смена закрыта: Мира, 5")).ShouldContain("Заказов: 1 на 1\u00a0250 ₽");
        await app.Handled(counter.Person);
        (await counter.Count("🏁 Смена закрыта")).ShouldBe(1);
        (await ShopOfLastOrder(guest)).ShouldBe("main-street");
    }

    [Fact]
    public async Task The_first_order_without_a_shift_asks_for_the_shop_and_goes_on_with_the_code()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());

        await counter.Says(await app.CodeOf(guest));
        await counter.Sees("Смена ещё не открыта. В какой кофейне вы сегодня работаете?");
        await counter.Says("вокзальная, 1");
        await counter.Sees("🕒 Смена открыта: Вокзальная, 1");
        await counter.Sees("Какая сумма заказа");
        await counter.Says("300");
        await counter.Sees("✅ Заказ");
        await counter.Says("🧾 Новый заказ");

        await counter.Sees("Какой код у гостя?");
        (await counter.Count("В какой кофейне")).ShouldBe(1);
        (await ShopOfLastOrder(guest)).ShouldBe("station");
    }

    [Fact]
    public async Task A_new_order_asks_for_the_shop_before_the_code()
    {
        var counter = await app.GivenCounter();

        await counter.Says("новый заказ");
        await counter.Presses("Мира, 5");

        await counter.Sees("Какой код у гостя?");
    }

    [Fact]
    public async Task Managers_see_new_alerts_and_mark_them_as_seen()
    {
        var suspect = await app.Registered(await app.GivenBarista());
        await app.Post(app.Loyalty, "/api/loyalty/codes/check", await app.StaffToken(suspect), new { code = await app.CodeOf(suspect) });
        var counter = await app.GivenCounter("manager");

        await counter.Says("🚨 Сигналы");
        (await counter.Sees("🚨 Новые сигналы")).ShouldContain("Сотрудник ввёл собственный код");
        var alert = await app.Database.Scalar<long>("select id from loyalty.alerts where user_id = $1", Ct, (await app.UserOf(suspect)).Value);
        await counter.PressesAtOnce($"✓ Видел № {alert}", times: 2);

        await counter.Sees("Новых сигналов нет");
        (await app.Database.Scalar<bool>("select seen_at is not null from loyalty.alerts where id = $1", Ct, alert)).ShouldBeTrue();
        await counter.Says("Сигналы");
        await counter.Sees("Новых сигналов нет", times: 2);
    }

    private async Task<string?> ShopOfLastOrder(SandboxPerson guest) => await app.Database.Scalar<string>(
        "select shop_id from loyalty.orders where user_id = $1 order by id desc limit 1", Ct, (await app.UserOf(guest)).Value);

    public sealed class App : TelegramApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            foreach (var (id, name) in new[] { ("main-street", "Мира, 5"), ("station", "Вокзальная, 1") })
            {
                var added = await Post(Loyalty, "/api/loyalty/shops", await Admin(), new { id, name, active = true });
                added.Status.ShouldBe(HttpStatusCode.Created, added.Body);
            }
        }
    }
}
