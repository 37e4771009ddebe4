using Platform.Testing;

namespace Platform.EndToEnd.Tests.Story;

/// <summary>The main story in a browser: a guest registers in the chat, shows a code, and the barista places the order.</summary>
[Collection<Stories>]
public sealed class FirstCupTests(StoryApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_order_in_Russian_is_one_trace_from_the_chat_to_the_notification()
    {
        var (guest, barista) = (await app.GivenPerson("Анна", "Смирнова"), await app.GivenBarista());
        await using var counter = await app.Open(guest, barista, "ru-RU");

        await RegisterInRussian(counter.Guest);
        await counter.Guest.Presses("☕ Показать код");
        var code = CodeIn(await counter.Guest.Sees("Ваш код"));
        await counter.Photograph("story-ru-code");

        await counter.Barista.Starts();
        await counter.Barista.Sees("Пришлите код гостя");
        await counter.Barista.Says(code);
        await counter.Barista.Sees("Какая сумма заказа");
        await counter.Barista.Says("1250");
        await counter.Barista.Sees("Начислено баллов: 12");
        await counter.Guest.Sees("Спасибо за заказ на 1 250 ₽!");
        await counter.Guest.Sees("Код принят на кассе");
        await counter.Guest.Presses("👤 Профиль");
        await counter.Guest.Sees("Баллы: 12");
        await counter.Photograph("story-ru-done");

        (await PointsOf(guest)).ShouldBe(12);
        await Eventually.IsTrue(() => Task.FromResult(AnOrderInOneTrace()), Ct);
    }

    [Fact]
    public async Task A_first_order_works_in_English()
    {
        var (guest, barista) = (await app.GivenPerson("John", "Miller", "en"), await app.GivenBarista("en"));
        await using var counter = await app.Open(guest, barista, "en-GB");

        await counter.Guest.Starts();
        await counter.Guest.Presses("🇬🇧 English");
        await counter.Guest.Presses("I agree");
        await counter.Guest.Sees("What is your name?");
        await counter.Guest.Presses("John Miller");
        await counter.Guest.Sees("What is your phone number?");
        await counter.Guest.Presses("📱 Send my number");
        await counter.Guest.Sees("When is your birthday?");
        await counter.Guest.Presses("Skip");
        await counter.Guest.Sees("Which city");
        await counter.Guest.Says("Brighton");
        await counter.Guest.Sees("All set, John Miller!");
        await counter.Guest.Presses("☕ Show my code");
        var code = CodeIn(await counter.Guest.Sees("Your code"));
        await counter.Barista.Starts();
        await counter.Barista.Sees("Send the guest's code");
        await counter.Barista.Says(code);
        await counter.Barista.Sees("Order total");
        await counter.Barista.Says("1250");
        await counter.Barista.Sees("Points earned: 12");
        await counter.Guest.Sees("Thank you for your order of 1,250 ₽!");
        await counter.Photograph("story-en-done");

        (await PointsOf(guest)).ShouldBe(12);
    }

    [Fact]
    public async Task A_first_order_survives_a_kill_of_the_bots_in_the_baristas_dialogue()
    {
        var (guest, barista) = (await app.GivenPerson(), await app.GivenBarista());
        await using var counter = await app.Open(guest, barista, "ru-RU");
        await RegisterInRussian(counter.Guest);
        await counter.Guest.Presses("☕ Показать код");
        var code = CodeIn(await counter.Guest.Sees("Ваш код"));
        await counter.Barista.Starts();
        await counter.Barista.Sees("Пришлите код гостя");
        await counter.Barista.Says(code);
        await counter.Barista.Sees("Какая сумма заказа");

        await app.Bots.Kill();
        await counter.Barista.Says("1250");
        await app.Bots.Restart(Ct);

        await counter.Barista.Sees("Начислено баллов: 12");
        await counter.Guest.Sees("Спасибо за заказ");
        await counter.Photograph("story-after-kill");
        (await PointsOf(guest)).ShouldBe(12);
    }

    [Fact]
    public async Task The_barista_can_retry_with_a_button_after_a_gateway_outage()
    {
        var (guest, barista) = (await app.GivenPerson(), await app.GivenBarista());
        await using var counter = await app.Open(guest, barista, "ru-RU");
        await RegisterInRussian(counter.Guest);
        await counter.Guest.Presses("☕ Показать код");
        var code = CodeIn(await counter.Guest.Sees("Ваш код"));
        await counter.Barista.Starts();
        await counter.Barista.Sees("Пришлите код гостя");
        await counter.Barista.Says(code);
        await counter.Barista.Sees("Какая сумма заказа");

        await app.Gateway.Kill();
        await counter.Barista.Says("1250");
        await counter.Barista.Sees("Сейчас не получилось");
        await counter.Photograph("story-gateway-away");
        await app.Gateway.Restart(Ct);
        await counter.Barista.Presses("🔄 Повторить");

        await counter.Barista.Sees("Начислено баллов: 12");
        (await PointsOf(guest)).ShouldBe(12);
    }

    private static async Task RegisterInRussian(Phone guest)
    {
        await guest.Starts();
        await guest.Presses("🇷🇺 Русский");
        await guest.Presses("Даю согласие");
        await guest.Sees("Как вас зовут?");
        await guest.Presses("Анна Смирнова");
        await guest.Sees("Ваш номер телефона?");
        await guest.Presses("📱 Отправить мой номер");
        await guest.Sees("Когда у вас день рождения?");
        await guest.Says("12.03.1994");
        await guest.Sees("В каком городе");
        await guest.Says("Казань");
        await guest.Sees("Готово, Анна Смирнова!");
    }

    private static string CodeIn(string message) => new([.. message.Where(char.IsAsciiDigit).Take(6)]);

    private async Task<long> PointsOf(SandboxPerson guest) => await app.PointsOf(new Guest(await app.UserOf(guest), guest.Id, Token: ""));

    /// <summary>Whether one trace covers the barista's message, the gateway, the order, the consumer and the message to the guest.</summary>
    private bool AnOrderInOneTrace() => app.Collector.Spans.GroupBy(span => span.TraceId).Any(trace =>
        trace.Any(span => span is { Service: "bots", Name: "barista: place order" })
        && trace.Any(span => span is { Service: "gateway" })
        && trace.Any(span => span is { Service: "loyalty", Name: "POST /api/loyalty/orders" })
        && trace.Any(span => span is { Service: "notifications" })
        && trace.Any(span => span is { Service: "sandbox" }));
}
