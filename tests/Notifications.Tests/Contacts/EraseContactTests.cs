using System.Net;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Notifications.Delivery;
using Platform.Testing;

namespace Platform.Notifications.Tests.Contacts;

public sealed class EraseContactTests(NotificationsApp app) : IClassFixture<NotificationsApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_left_of_a_person_and_nothing_more_is_said_to_him()
    {
        var user = Happened.NewUser();
        var telegramId = new TelegramId(7_000_000_000 + user.Value);
        var token = app.ClientToken(user);
        await app.Deliver(Happened.Registered(user, telegramId: telegramId), Happened.Started(telegramId), Happened.Order(user));
        (await app.Count($"select count(*) from notifications where user_id = {user}")).ShouldBe(1);

        await app.Deliver(Erased(user, telegramId));
        await app.Deliver(Happened.Order(user, at: Happened.Now.AddMinutes(-1)));

        (await app.Count($"select count(*) from contacts where user_id = {user} and erased and full_name = '' and city is null and telegram_id is null")).ShouldBe(1);
        (await app.Count($"select count(*) from chats where telegram_id = {telegramId}")).ShouldBe(0);
        (await app.Count($"select count(*) from queue where user_id = {user}")).ShouldBe(0);
        (await app.Count($"select count(*) from notifications where user_id = {user} and status <> 'suppressed'")).ShouldBe(0);
        await Eventually.Passes(async () => (await app.Get("/api/notifications/mine", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
    }

    [Fact]
    public async Task What_is_heard_of_him_afterwards_brings_nothing_back()
    {
        var user = Happened.NewUser();
        var telegramId = new TelegramId(7_000_000_000 + user.Value);

        await app.Deliver(Erased(user, telegramId, version: 3));
        await app.Deliver(
            Happened.Registered(user, version: 1, telegramId: telegramId), Happened.Registered(user, version: 9, telegramId: telegramId),
            Happened.Updated(user, version: 2, telegramId: telegramId), Happened.Updated(user, version: 10, telegramId: telegramId),
            Happened.Started(telegramId, at: Happened.Now.AddMinutes(-5)));

        (await app.Count($"select count(*) from contacts where user_id = {user} and erased and full_name = ''")).ShouldBe(1);
        (await app.Count($"select count(*) from chats where telegram_id = {telegramId}")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_starts_the_bot_again_afterwards_can_be_written_to_as_somebody_new()
    {
        var (user, later) = (Happened.NewUser(), Happened.NewUser());
        var telegramId = new TelegramId(7_000_000_000 + user.Value);
        await app.Deliver(Happened.Registered(user, telegramId: telegramId), Happened.Started(telegramId, at: Happened.Now.AddMinutes(-5)));

        // The second start is heard of first.
        await app.Deliver(Happened.Started(telegramId, at: Happened.Now.AddMinutes(5)));
        await app.Deliver(Erased(user, telegramId));
        await app.Deliver(Happened.Registered(later, telegramId: telegramId));

        (await app.Count($"select count(*) from chats where telegram_id = {telegramId}")).ShouldBe(1);
        (await app.Count($"select count(*) from contacts where user_id = {later} and telegram_id = {telegramId}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_Telegram_account_that_a_person_has_left_for_another_is_forgotten_before_anybody_is_erased()
    {
        var user = Happened.NewUser();
        var (former, present) = (new TelegramId(7_400_000_000 + user.Value), new TelegramId(7_500_000_000 + user.Value));
        await app.Deliver(Happened.Registered(user, telegramId: former), Happened.Started(former), Happened.Started(present));

        await app.Deliver(new UserTokensRevoked { UserId = user, RevokedAt = Happened.Now, Version = 2, FormerTelegramId = former });
        // A start of before that is heard of late.
        await app.Deliver(Happened.Started(former, at: Happened.Now.AddMinutes(-5)));

        (await app.Count($"select count(*) from chats where telegram_id = {former}")).ShouldBe(0);
        (await app.Count($"select count(*) from chats where telegram_id = {present}")).ShouldBe(1);
    }

    [Fact]
    public async Task That_a_chat_was_forgotten_is_forgotten_too_when_no_event_can_be_late_any_more()
    {
        await app.Deliver(Erased(Happened.NewUser(), new TelegramId(7_300_000_000)) with { ErasedAt = app.Clock.GetUtcNow().AddDays(-31) });
        await app.Deliver(Erased(Happened.NewUser(), new TelegramId(7_300_000_001)));
        var before = await app.Count("select count(*) from forgotten_chats");

        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ForgottenChats>().Run(Ct);
        }

        (await app.Count("select count(*) from forgotten_chats")).ShouldBe(before - 1);
    }

    private static UserErased Erased(UserId user, TelegramId telegramId, long version = 2) => new()
    {
        UserId = user, TelegramId = telegramId, ErasedAt = Happened.Now, Version = version,
    };
}
