using System.Net;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Notifications.Tests.Contacts;

public sealed class UpsertContactTests(SharedNotificationsApp app)
{
    [Fact]
    public async Task An_older_event_does_not_replace_a_newer_contact()
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Registered(user, "en", version: 3, fullName: "Third"));
        await app.Deliver(Happened.Registered(user, "ru", version: 1, fullName: "First"), Happened.Registered(user, "ru", version: 2, fullName: "Second"));

        (await app.Count($"select count(*) from contacts where user_id = {user} and full_name = 'Third' and language = 'en' and version = 3")).ShouldBe(1);
    }

    [Fact]
    public async Task A_contact_without_a_Telegram_id_takes_it_from_an_event_of_the_same_version()
    {
        var (user, other) = (Happened.NewUser(), Happened.NewUser());
        var (telegramId, another) = (new TelegramId(7_000_000_000 + user.Value), new TelegramId(7_000_000_000 + other.Value));
        await app.Deliver(Happened.Registered(user), Happened.Registered(other, telegramId: another));

        await app.Deliver(Happened.Registered(user, telegramId: telegramId), Happened.Registered(other, version: 1, telegramId: telegramId));

        (await app.Count($"select telegram_id from contacts where user_id = {user}")).ShouldBe(telegramId.Value);
        (await app.Count($"select telegram_id from contacts where user_id = {other}")).ShouldBe(another.Value);
    }

    [Fact]
    public async Task A_contact_without_a_card_number_takes_it_from_an_event_of_the_same_version()
    {
        var user = Happened.NewUser();
        var telegramId = new TelegramId(7_000_000_000 + user.Value);
        await app.Deliver(Happened.Registered(user, telegramId: telegramId));

        await app.Deliver(Happened.Registered(user, telegramId: telegramId, memberId: "MNT-AAAAAAA1"));
        await app.Deliver(Happened.Registered(user, telegramId: telegramId, memberId: "MNT-BBBBBBB2"));

        (await app.Column($"select member_id from contacts where user_id = {user}")).ShouldBe(["MNT-AAAAAAA1"]);
    }

    [Fact]
    public async Task An_update_is_stored_and_wins_over_a_registration_of_the_same_version()
    {
        var (user, late) = (Happened.NewUser(), Happened.NewUser());
        var telegramId = new TelegramId(7_000_000_000 + user.Value);
        await app.Deliver(Happened.Registered(user, fullName: "First"));
        await app.Deliver(Happened.Updated(user, "en", version: 3, fullName: "Third", telegramId: telegramId));
        await app.Deliver(Happened.Updated(user, version: 2, fullName: "Second"), Happened.Registered(user, version: 3, fullName: "First"));

        await app.Deliver(Happened.Registered(late, version: 5, fullName: "Registered"));
        await app.Deliver(Happened.Updated(late, version: 5, fullName: "Updated"));

        (await app.Count($"select count(*) from contacts where user_id = {user} and full_name = 'Third' and language = 'en' and telegram_id = {telegramId}")).ShouldBe(1);
        (await app.Count($"select count(*) from contacts where user_id = {late} and full_name = 'Updated' and city = 'Казань'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_blocked_person_is_refused_until_the_block_is_lifted()
    {
        var user = Happened.NewUser();
        var before = app.ClientToken(user);
        (await app.Get("/api/notifications/mine", before)).Status.ShouldBe(HttpStatusCode.OK);

        await app.Deliver(new UserBlocked { UserId = user, BlockedAt = app.Clock.GetUtcNow(), Version = 2 });
        await Eventually.IsTrue(
            async () => (await app.Get("/api/notifications/mine", before)).Status == HttpStatusCode.Forbidden, TestContext.Current.CancellationToken);
        (await app.Get("/api/notifications/mine", before)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");

        await app.Deliver(new UserUnblocked { UserId = user, UnblockedAt = app.Clock.GetUtcNow(), Version = 3 });
        await Eventually.IsTrue(
            async () => (await app.Get("/api/notifications/mine", app.ClientToken(user))).Status == HttpStatusCode.OK, TestContext.Current.CancellationToken);
    }
}
