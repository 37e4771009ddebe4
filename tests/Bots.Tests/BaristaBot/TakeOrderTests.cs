using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class TakeOrderTests(SharedTelegramApp app)
{
    private static readonly string[] InvalidAmounts = ["много", "-5", "0", "1,2345", "1e9"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_without_points_takes_a_code_and_an_amount_and_the_guest_is_notified()
    {
        var (guest, counter) = await GivenGuestAndCounter();

        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1250");

        var done = await counter.Sees(": 1\u00a0250 ₽\nГость: Анна С.");
        done.ShouldContain("К оплате: 1\u00a0250 ₽");
        done.ShouldContain("Начислено баллов: 12, списано: 0");
        await guest.With(TelegramApp.GuestBot).Sees("Спасибо за заказ на 1\u00a0250 ₽!");
    }

    [Fact]
    public async Task Points_pay_part_of_an_order()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await app.GivePoints(guest, 20_000);

        await counter.Says(await CodeOf(guest));
        await counter.Sees("200 баллов");
        await counter.Says("500,50");
        await counter.Sees("списать можно до 150");
        await counter.Presses("Списать 150");

        (await counter.Sees(": 500,50 ₽\nГость: Анна С.")).ShouldContain("К оплате: 350,50 ₽");
    }

    [Fact]
    public async Task The_barista_can_type_a_number_of_points_or_press_for_none()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await app.GivePoints(guest, 20_000);

        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1000");
        await counter.Sees("списать можно до 200");
        await counter.Says("100000");
        await counter.Sees("Напишите число от 0 до 200");
        await counter.Says("50");
        (await counter.Sees(": 1\u00a0000 ₽\nГость: Анна С.")).ShouldContain("списано: 50");

        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа", times: 2);
        await counter.Says("1000");
        await counter.Presses("Не списывать");
        (await counter.Sees("✅ Заказ", times: 2)).ShouldContain("списано: 0");
    }

    [Fact]
    public async Task An_invalid_code_or_amount_is_asked_for_again()
    {
        var (guest, counter) = await GivenGuestAndCounter();

        await counter.Says("🧾 Новый заказ");
        await counter.Sees("Какой код у гостя?");
        await counter.Says("12 34");
        await counter.Sees("Код — это шесть цифр");
        await counter.Says("000000");
        await counter.Sees("Такого кода нет");
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        foreach (var (before, amount) in InvalidAmounts.Index())
        {
            await counter.Says(amount);
            await counter.Sees("Не понимаю сумму", times: before + 1);
        }

        await counter.Says("1,250");
        await counter.Sees("1\u00a0250 ₽ или 1,25 ₽? Напишите сумму без разделителя тысяч");
        await counter.Says("1 250,50 ₽");
        await counter.Sees(": 1\u00a0250,50 ₽\nГость: Анна С.");
    }

    [Fact]
    public async Task A_code_replaced_while_the_amount_is_typed_is_asked_for_again_and_the_amount_is_kept()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");

        var newer = await CodeOf(guest);
        await counter.Says("300");
        await counter.Sees("Этот код больше не действует");
        await counter.Says(newer);

        await counter.Sees(": 300 ₽\nГость: Анна С.");
        (await counter.Count("Какая сумма заказа")).ShouldBe(1);
    }

    [Fact]
    public async Task Points_lost_between_preview_and_order_are_asked_about_again()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        var earlier = await app.GivePoints(guest, 20_000);
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1000");
        await counter.Sees("списать можно до 200");

        var refunded = await app.Post(app.Loyalty, $"/api/loyalty/orders/{earlier}/refund", await app.Barista(), new { whole = true });
        refunded.Status.ShouldBe(System.Net.HttpStatusCode.OK, refunded.Body);
        await counter.Presses("Списать 200");
        await counter.Sees("списать можно до 0");
        (await counter.Count("✅ Заказ")).ShouldBe(0);
        await counter.Presses("Не списывать");

        (await counter.Sees(": 1\u00a0000 ₽\nГость: Анна С.")).ShouldContain("списано: 0");
    }

    [Theory]
    [InlineData(false, "10")]
    [InlineData(true, "12")]
    public async Task An_order_earns_what_was_quoted_until_the_quote_expires(bool expires, string earned)
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await app.GivePoints(guest, 20_000);
        var user = (await app.UserOf(guest)).Value;
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1000");
        await counter.Sees("списать можно до 200");

        // Of another level, the order would earn more.
        await app.Database.Execute("update loyalty.accounts set level = 'platinum' where user_id = $1", Ct, user);
        if (expires)
        {
            await app.Database.Execute(
                "update loyalty.quotes set quoted_at = quoted_at - interval '1 hour', expires_at = expires_at - interval '1 hour' where user_id = $1", Ct, user);
        }

        await counter.Presses("Не списывать");

        (await counter.Sees(": 1\u00a0000 ₽\nГость: Анна С.")).ShouldContain($"Начислено баллов: {earned}");
    }

    [Theory]
    [InlineData("да")]
    [InlineData("верно")]
    public async Task A_large_amount_can_be_confirmed_in_words(string word)
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");

        await counter.Says("12000");
        await counter.Sees("Точно 12\u00a0000 ₽?");
        await counter.Says(word);

        await counter.Sees(": 12\u00a0000 ₽\nГость: Анна С.");
    }

    [Fact]
    public async Task A_code_sent_again_is_never_taken_as_an_amount()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        var code = await CodeOf(guest);
        await counter.Says(code);
        (await counter.Sees("Какая сумма заказа")).ShouldContain("Гость: Анна С., уровень «Стандарт», 0 баллов");

        await counter.Says(code);
        await counter.Sees("Какая сумма заказа", times: 2);
        await counter.Says($"{code[..3]} {code[3..]}");
        await counter.Sees("Какая сумма заказа", times: 3);
        (await OrdersOf(guest)).ShouldBe(0);
        await counter.Says("300");

        await counter.Sees(": 300 ₽\nГость: Анна С.");
    }

    [Fact]
    public async Task A_newer_code_continues_the_order_and_an_older_one_is_not_taken_as_an_amount()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        var older = await CodeOf(guest);
        await counter.Says(older);
        await counter.Sees("Какая сумма заказа");
        var newer = await CodeOf(guest);

        await counter.Says(newer);
        await counter.Sees("Какая сумма заказа", times: 2);
        await counter.Says(older);
        await counter.Sees("Это код, а не сумма");
        await counter.Says("300");

        await counter.Sees(": 300 ₽\nГость: Анна С.");
        (await app.Database.Scalar<string>("select code from loyalty.orders where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(newer);
    }

    [Fact]
    public async Task A_code_is_never_taken_as_a_number_of_points()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await app.GivePoints(guest, 20_000);
        var older = await CodeOf(guest);
        await counter.Says(older);
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1000");
        await counter.Sees("списать можно до 200");

        await counter.Says(await CodeOf(guest));
        await counter.Sees("списать можно до 200", times: 2);
        await counter.Says(older);
        await counter.Sees("Напишите число от 0 до 200");
        await counter.Presses("Списать 200");
        (await counter.Sees(": 1\u00a0000 ₽\nГость: Анна С.")).ShouldContain("списано: 200");
    }

    [Fact]
    public async Task A_large_amount_needs_confirmation()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");

        await counter.Says("12000");
        await counter.Sees("Точно 12\u00a0000 ₽? Гость: Анна С.");
        await counter.Presses("Нет, исправить");
        await counter.Sees("Какая сумма заказа", times: 2);
        await counter.Says("120000");
        await counter.Sees("Это больше, чем 100\u00a0000 ₽");
        await counter.Says("99999999");
        await counter.Sees("Это больше, чем 100\u00a0000 ₽", times: 2);
        await counter.Says("20000");
        await counter.Sees("Точно 20\u00a0000 ₽?");
        // Typing another amount instead of answering.
        await counter.Says("12 500 рублей");
        await counter.Sees("Точно 12\u00a0500 ₽?");
        (await OrdersOf(guest)).ShouldBe(0);
        await counter.Presses("Да, 12\u00a0500 ₽");

        await counter.Sees(": 12\u00a0500 ₽\nГость: Анна С.");
        (await OrdersOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task A_barista_cannot_use_their_own_guest_code()
    {
        var barista = await app.Registered(await app.GivenBarista());
        var counter = barista.With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");

        await counter.Says(await CodeOf(barista));

        await counter.Sees("Это ваш собственный код");
        (await app.Database.Scalar<long>("select count(*) from loyalty.alerts where user_id = $1", Ct, (await app.UserOf(barista)).Value)).ShouldBe(1);
    }

    [Fact]
    public async Task A_used_code_is_reported_as_used()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        var code = await CodeOf(guest);
        await counter.Says(code);
        await counter.Sees("Какая сумма заказа");
        await counter.Says("300");
        await counter.Sees(": 300 ₽\nГость: Анна С.");

        await counter.Says(code);

        await counter.Sees("По этому коду уже есть заказ");
    }

    [Fact]
    public async Task Pressing_the_points_button_three_times_places_one_order()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await app.GivePoints(guest, 20_000);
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        await counter.Says("1000");

        await counter.PressesAtOnce("Списать 200", times: 3);
        await counter.Sees(": 1\u00a0000 ₽\nГость: Анна С.");
        await counter.Says("/help");
        await counter.Sees("Пришлите шесть цифр, которые показывает гость");

        (await counter.Count("✅ Заказ")).ShouldBe(1);
        var user = await app.UserOf(guest);
        (await app.Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, user.Value)).ShouldBe(2);
    }

    [Fact]
    public async Task Guessing_codes_is_throttled()
    {
        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");

        for (var guess = 0; guess < 10; guess++)
        {
            await counter.Says($"99000{guess}");
            await counter.Sees("Такого кода нет", times: guess + 1);
        }

        await counter.Says("990011");
        await counter.Sees("Слишком много попыток. Попробуйте ещё раз через ");
    }

    [Fact]
    public async Task An_unfinished_order_can_be_cancelled()
    {
        var (guest, counter) = await GivenGuestAndCounter();
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");

        await counter.Says("✖️ Отмена");
        await counter.Sees("Отменено. Пришлите код");
        await counter.Says("1250");

        await counter.Sees("Не понимаю. Пришлите код гостя");
    }

    [Fact]
    public async Task A_person_who_is_not_staff_sees_the_Telegram_id_to_give_to_their_manager()
    {
        var stranger = await app.GivenPerson("Пётр", "Чужой");
        var chat = stranger.With(TelegramApp.CounterBot);

        await chat.Says("/start");
        await chat.Sees($"передайте управляющему ваш ID в Telegram: {stranger.Id}");
        await chat.Says("123456");
        await chat.Sees("Этот бот — для сотрудников", times: 2);

        await app.AddStaff(stranger.Id, "Пётр");
        await chat.Says("/start");
        await chat.Sees("Здравствуйте, Пётр! Пришлите код гостя");
    }

    [Fact]
    public async Task An_order_can_be_placed_in_English()
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = (await app.GivenBarista("en")).With(TelegramApp.CounterBot);

        await counter.Says("/start");
        await counter.Sees("Send the guest's code");
        await counter.Says(await CodeOf(guest));
        await counter.Sees("level Standard, 0 points");
        await counter.Says("1,250.50");

        (await counter.Sees(": 1,250.50 ₽\nGuest: Анна С.")).ShouldContain("Points earned: 12");
    }

    private async Task<(SandboxPerson Guest, SandboxChat Counter)> GivenGuestAndCounter()
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");
        return (guest, counter);
    }

    private async Task<long> OrdersOf(SandboxPerson guest) =>
        await app.Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, (await app.UserOf(guest)).Value);

    private static async Task<string> CodeOf(SandboxPerson guest)
    {
        var chat = guest.With(TelegramApp.GuestBot);
        var before = (await chat.Messages()).Select(message => message.Id).DefaultIfEmpty().Max();
        await chat.Says("/code");
        var shown = await Eventually.Get(
            async () => (await chat.Messages())
                .LastOrDefault(message => message.Id > before && message.Text?.Contains("Ваш код") is true)?.Text, text => text is not null, Ct);
        return new string([.. shown!.Where(char.IsAsciiDigit).Take(6)]);
    }
}
