using Platform.Bots.Tests.BaristaBot;
using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

/// <summary>A call whose answer is lost is retried, and the answer to the retry must not be taken for a failure.</summary>
public sealed class LostAnswersTests(LostAnswersTests.App app) : IClassFixture<LostAnswersTests.App>
{
    [Fact]
    public async Task A_confirmed_e_mail_address_is_shown_as_saved_when_the_gateways_answer_is_lost()
    {
        var person = await app.GivenRegisteredPerson();
        var address = $"Anna.{person.Id}@example.com";
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/settings");
        await chat.Presses("Почта");
        await chat.Sees("Какой у вас адрес почты?");
        await chat.Says(address);
        await chat.Sees("Мы отправили код из шести цифр");
        var code = await app.Sandbox.CodeMailedTo(address);

        var lost = app.ToGateway.LoseReplyTo("PUT /api/users/me/email");
        await chat.Says(code);

        await chat.Sees($"Почта: {address.ToLowerInvariant()}");
        lost.IsCompletedSuccessfully.ShouldBeTrue("No answer was lost: this test would prove nothing.");
        (await chat.Count("Это не код из последнего письма")).ShouldBe(0);
    }

    [Fact]
    public async Task A_gift_whose_answer_is_lost_is_given_once_and_shown()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await counter.Says("/gift");
        await counter.Sees("Кому подарок?");
        await counter.Says(await app.CodeOf(guest));
        await counter.Presses("Эспрессо");
        await counter.Sees("Подарить «Эспрессо»?");

        var lost = app.ToGateway.LoseReplyTo("POST /api/loyalty/gifts");
        await counter.Presses("Да, подарить");

        await counter.Sees("получает подарок: Эспрессо");
        lost.IsCompletedSuccessfully.ShouldBeTrue("No answer was lost: this test would prove nothing.");
        (await app.GiftsOf(guest)).ShouldBe(1);
    }

    /// <summary>With a proxy between the bots and the gateway that can lose answers.</summary>
    public sealed class App : TelegramApp
    {
        public App() => ToGateway = TcpProxy.To(GatewayPort);

        public TcpProxy ToGateway { get; }

        protected override IEnumerable<KeyValuePair<string, string>> SettingsOf(string service) =>
            service == "bots" ? [.. base.SettingsOf(service), new("services:gateway:http:0", $"http://127.0.0.1:{ToGateway.Port}")] : base.SettingsOf(service);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await ToGateway.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}
