using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

/// <summary>What is done and not heard of is asked for once more: whoever reads the second answer must not take it for the first.</summary>
public sealed class LostAnswersTests(LostAnswersTests.App app) : IClassFixture<LostAnswersTests.App>
{
    [Fact]
    public async Task An_address_whose_code_was_good_is_saved_although_the_answer_that_said_so_was_lost()
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

    /// <summary>Of its own, with a way from the bots to the gateway that breaks when told to.</summary>
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
