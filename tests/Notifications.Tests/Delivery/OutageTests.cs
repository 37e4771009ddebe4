using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

public sealed class OutageTests(OutageTests.App app) : IClassFixture<OutageTests.App>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_telegram_refuses_is_logged_once_and_no_message_is_lost()
    {
        // The sandbox does not know the bot yet, so guests cannot start it.
        var guest = await app.GivenRegistered();
        await app.Deliver(Happened.Started(guest.TelegramId), Happened.Order(guest.User));
        app.AllowErrors("refuses the token of the bot client");
        await Eventually.IsTrue(async () => (await app.Sandbox.Requests("getMe")).Count >= 2 || Refusals() > 0, Ct);
        await app.Sees(guest, "queued");

        await app.Sandbox.AddBot(TelegramSandbox.GuestToken, TelegramSandbox.GuestBot);
        await guest.Chat.Says("/start");

        await guest.Chat.Sees("Спасибо за заказ");
        Refusals().ShouldBe(1);

        await A_message_waits_while_telegram_is_unreachable(guest);
    }

    // Continues with the same sandbox, which loses all its data when it is killed.
    private async Task A_message_waits_while_telegram_is_unreachable(Guest guest)
    {
        await app.Sandbox.Process.Kill();
        await app.Deliver(Happened.Level(guest.User));
        await Eventually.Passes(
            async () => (await app.Sees(guest, "queued", "level_changed")).Json("error").ShouldBeOfType<string>().ShouldContain("Connection refused"), Ct);

        await app.Sandbox.Process.Restart(Ct);
        app.AllowErrors("refuses the token");
        // Without the fault, a try before the guest has started the bot again would be refused permanently.
        await app.Sandbox.GivenFault(new { kind = "serverError", method = "sendMessage" });
        await app.Sandbox.AddBot(TelegramSandbox.GuestToken, TelegramSandbox.GuestBot);
        await app.Sandbox.GivenPerson(id: guest.TelegramId);
        await guest.Chat.Says("/start");
        await app.Sandbox.ClearFaults();
        // Skips the pause, however long it has become.
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
