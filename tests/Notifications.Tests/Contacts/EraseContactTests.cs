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
    public async Task Erasure_deletes_a_persons_data_and_nothing_more_is_sent()
    {
        var user = Happened.NewUser();
        var telegramId = new TelegramId(7_000_000_000 + user.Value);
        var token = app.ClientToken(user);
        await app.Deliver(Happened.Registered(user, telegramId: telegramId, memberId: "MNT-7KQ2M9X7"), Happened.Started(telegramId), Happened.Order(user));
        await app.Put("/api/notifications/preferences", token, new { marketing = false });
        (await app.Count($"select count(*) from notifications where user_id = {user}")).ShouldBe(1);

        await app.Deliver(Erased(user, telegramId));
        await app.Deliver(Happened.Order(user, at: Happened.Now.AddMinutes(-1)));

        (await app.Count($"select count(*) from contacts where user_id = {user} and erased and full_name = '' and num_nonnulls(city, telegram_id, member_id) = 0")).ShouldBe(1);
        (await app.Count($"select count(*) from preferences where user_id = {user}")).ShouldBe(0);
        (await app.Count($"select count(*) from chats where telegram_id = {telegramId}")).ShouldBe(0);
        (await app.Count($"select count(*) from queue where user_id = {user}")).ShouldBe(0);
        (await app.Count($"select count(*) from notifications where user_id = {user} and status <> 'suppressed'")).ShouldBe(0);
        await Eventually.Passes(async () =>
            (await app.Get("/api/notifications/mine", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
    }

    [Fact]
    public async Task Events_that_arrive_after_an_erasure_restore_nothing()
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
    public async Task An_erased_person_who_starts_the_bot_again_can_be_written_to_as_a_new_person()
    {
        var (user, later) = (Happened.NewUser(), Happened.NewUser());
        var telegramId = new TelegramId(7_000_000_000 + user.Value);
        await app.Deliver(Happened.Registered(user, telegramId: telegramId), Happened.Started(telegramId, at: Happened.Now.AddMinutes(-5)));

        // The later start arrives first.
        await app.Deliver(Happened.Started(telegramId, at: Happened.Now.AddMinutes(5)));
        await app.Deliver(Erased(user, telegramId));
        await app.Deliver(Happened.Registered(later, telegramId: telegramId));

        (await app.Count($"select count(*) from chats where telegram_id = {telegramId}")).ShouldBe(1);
        (await app.Count($"select count(*) from contacts where user_id = {later} and telegram_id = {telegramId}")).ShouldBe(1);
    }

    [Fact]
    public async Task The_chat_of_a_former_Telegram_account_is_deleted()
    {
        var user = Happened.NewUser();
        var (former, present) = (new TelegramId(7_400_000_000 + user.Value), new TelegramId(7_500_000_000 + user.Value));
        await app.Deliver(Happened.Registered(user, telegramId: former), Happened.Started(former), Happened.Started(present));

        await app.Deliver(new UserTokensRevoked { UserId = user, RevokedAt = Happened.Now, Version = 2, FormerTelegramId = former });
        // An earlier start that arrives late.
        await app.Deliver(Happened.Started(former, at: Happened.Now.AddMinutes(-5)));

        (await app.Count($"select count(*) from chats where telegram_id = {former}")).ShouldBe(0);
        (await app.Count($"select count(*) from chats where telegram_id = {present}")).ShouldBe(1);
    }

    [Fact]
    public async Task Digests_of_deleted_chats_are_purged_after_30_days()
    {
        await app.Deliver(Erased(Happened.NewUser(), new TelegramId(7_300_000_000)) with { ErasedAt = app.Clock.GetUtcNow().AddDays(-31) });
        await app.Deliver(Erased(Happened.NewUser(), new TelegramId(7_300_000_001)) with { ErasedAt = app.Clock.GetUtcNow().AddDays(-29) });

        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<DeletedChats>().Run(Ct);
        }

        // The service runs the job too, perhaps before this.
        (await app.Count($"select count(*) from forgotten_chats where erased_at < '{app.Clock.GetUtcNow().AddDays(-30):O}'")).ShouldBe(0);
        (await app.Count($"select count(*) from forgotten_chats where erased_at = '{app.Clock.GetUtcNow().AddDays(-29):O}'")).ShouldBe(1);
    }

    private static UserErased Erased(UserId user, TelegramId telegramId, long version = 2) => new()
    {
        UserId = user, TelegramId = telegramId, ErasedAt = Happened.Now, Version = version,
    };
}
