using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

public sealed class OutageTests(OutageTests.App app) : IClassFixture<OutageTests.App>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_telegram_refuses_is_told_of_once_and_loses_nothing()
    {
        // The sandbox does not know the bot yet; nor can anybody start it.
        var guest = await app.GivenRegistered();
        await app.Deliver(Happened.Started(guest.TelegramId), Happened.Order(guest.User));
        app.AllowErrors("refuses the token of the bot client");
        await Eventually.IsTrue(async () => (await app.Sandbox.Requests("getMe")).Count >= 2 || Refusals() > 0, Ct);
        await app.Sees(guest, "queued");

        await app.Sandbox.AddBot(TelegramSandbox.GuestToken, TelegramSandbox.GuestBot);
        await guest.Chat.Says("/start");

        await guest.Chat.Sees("Спасибо за заказ");
        Refusals().ShouldBe(1);

        await A_message_waits_while_there_is_no_way_to_telegram(guest);
    }

    // Goes on with the same sandbox, which knows nobody any more once it was killed.
    private async Task A_message_waits_while_there_is_no_way_to_telegram(Guest guest)
    {
        await app.Sandbox.Process.Kill();
        await app.Deliver(Happened.Level(guest.User));
        await Eventually.Passes(
            async () => (await app.Sees(guest, "queued", "level_changed")).Json("error").ShouldBeOfType<string>().ShouldContain("Connection refused"), Ct);

        await app.Sandbox.Process.StartAgain(Ct);
        app.AllowErrors("refuses the token");
        // It knows nobody any more: a try that came before he has started the bot again would be refused for good.
        await app.Sandbox.GivenFault(new { kind = "serverError", method = "sendMessage" });
        await app.Sandbox.AddBot(TelegramSandbox.GuestToken, TelegramSandbox.GuestBot);
        await app.Sandbox.GivenPerson(id: guest.TelegramId);
        await guest.Chat.Says("/start");
        await app.Sandbox.GivenNoFaults();
        // However many tries there were meanwhile, and so however long the pause is.
        app.Time.Advance(TimeSpan.FromMinutes(5));

        await guest.Chat.Sees("Ваш новый уровень");
        (await app.CallsFor(guest)).Count(call => call.Status == 200).ShouldBe(1);
    }

    private int Refusals() => app.First.Log.Lines.Count(line => line.Message.Contains("refuses the token", StringComparison.Ordinal));

    public sealed class App : DeliveryApp
    {
        protected override Task<TelegramSandbox> StartSandbox() => TelegramSandbox.StartWithoutBots();
    }
}
