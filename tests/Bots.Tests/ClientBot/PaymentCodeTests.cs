using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class PaymentCodeTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_is_counted_down_in_its_message_until_it_expires_and_a_button_brings_a_new_one()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("☕ Показать код");
        var first = SecondsIn(await chat.Sees("Осталось:"));
        await Eventually.Get(async () => SecondsIn(await chat.Sees("Осталось:")), seconds => seconds < first, Ct);
        var messages = (await chat.Messages()).Count;
        await ExpireCodeOf(guest);
        await chat.Sees("Код истёк");

        first.ShouldBeInRange(1, 90);
        (await chat.Messages()).Count.ShouldBe(messages);
        await chat.Presses("🔄 Новый код");
        await chat.Sees("Осталось:");
    }

    [Fact]
    public async Task A_new_code_replaces_the_previous_one_and_its_message_says_so()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/code");
        await chat.Sees("Ваш код");
        await chat.Says("/code");

        await chat.Sees("Вместо этого кода показан новый");
        (await chat.Count("Ваш код")).ShouldBe(1);
    }

    [Fact]
    public async Task A_used_code_is_not_counted_down_any_more()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/code");
        var code = (await chat.Sees("Ваш код")).Where(char.IsAsciiDigit).Take(6).ToArray();

        var placed = await app.OrderOnce(new string(code), 1250, "countdown-used");

        placed.Status.ShouldBe(System.Net.HttpStatusCode.Created, placed.Body);
        await chat.Sees("Код принят на кассе");
    }

    private static int SecondsIn(string message) => int.Parse(message.Split("Осталось: ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    // Instead of waiting for 90 seconds.
    private async Task ExpireCodeOf(SandboxPerson guest) => await app.Database.Execute(
        "update loyalty.payment_codes set expires_at = issued_at + interval '1 second' where user_id = $1", Ct, (await app.UserOf(guest)).Value);
}
