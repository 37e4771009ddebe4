using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class MessageSettingsTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task News_and_reminders_can_be_switched_off_and_on_again()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("/settings");
        await chat.Presses("🔔 Уведомления");
        await chat.Sees("Мы всегда пишем о ваших заказах и подарках");
        await chat.Presses("✅ Новости и акции");
        await chat.Presses("✅ Напоминания о баллах и премиуме");
        await chat.Presses("⬜️ Новости и акции");
        await Eventually.Get(() => Wishes(guest), wishes => wishes == "true|false", Ct);

        await chat.Says("/notifications");
        await chat.Sees("Мы всегда пишем", times: 2);
        await chat.Presses("⬜️ Напоминания о баллах и премиуме");
        await Eventually.Get(() => Wishes(guest), wishes => wishes == "true|true", Ct);
    }

    private async Task<string?> Wishes(SandboxPerson guest) => await app.Database.Scalar<string>(
        "select marketing || '|' || reminders from notifications.preferences where user_id = $1", Ct, (await app.UserOf(guest)).Value);
}
