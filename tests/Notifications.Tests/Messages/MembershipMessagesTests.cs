using Platform.Contracts;

namespace Platform.Notifications.Tests.Messages;

public sealed class MembershipMessagesTests(SharedNotificationsApp app)
{
    [Fact]
    public async Task Each_membership_event_queues_one_notification_whatever_the_order_and_repetitions()
    {
        var user = Happened.NewUser();
        object[] happened = [Happened.Activated(user), Happened.Activated(user, prolonged: true, version: 3), Happened.Expiring(user, 7),
            Happened.Expiring(user, 1), Happened.Expired(user, 4)];
        var messages = happened.Select(happening => new Message(happening)).ToList();

        await app.Deliver([.. messages.AsEnumerable().Reverse(), .. messages, .. happened]);
        await app.Deliver(Happened.Registered(user));

        (await Texts(user)).ShouldBe(
            [
                "Добро пожаловать в премиум! Он действует до 01.03.2026. Номер вашей карты: MNT-7KQ2M9X7.",
                "Спасибо, что вы с нами! Ваш премиум продлён до 01.03.2026. Номер вашей карты: MNT-7KQ2M9X7.",
                "Ваш премиум заканчивается 01.03.2026: осталось 7 дней. Номер вашей карты: MNT-7KQ2M9X7.",
                "Ваш премиум заканчивается 01.03.2026: остался 1 день. Номер вашей карты: MNT-7KQ2M9X7.",
                "Ваш премиум закончился 01.03.2026. Карта MNT-7KQ2M9X7 и баллы остаются у вас. Будем рады, если вернётесь!",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Membership_notifications_are_also_in_English()
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Registered(user, "en"), Happened.Activated(user), Happened.Expiring(user, 7, daysLeft: 3),
            Happened.Expiring(user, 1), Happened.Expired(user));

        (await Texts(user)).ShouldBe(
            [
                "Welcome to premium! It is active until 1 March 2026. Your card number: MNT-7KQ2M9X7.",
                "Your premium ends on 1 March 2026: 3 days left. Your card number: MNT-7KQ2M9X7.",
                "Your premium ends on 1 March 2026: 1 day left. Your card number: MNT-7KQ2M9X7.",
                "Your premium ended on 1 March 2026. You keep your card MNT-7KQ2M9X7 and your points. We’d be glad to have you back!",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task An_extended_membership_gets_another_reminder_before_its_new_end()
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Expiring(user, 1), Happened.Expiring(user, 1, expiresAt: Happened.MembershipEnd.AddMonths(1)));

        (await Texts(user)).Count.ShouldBe(2);
    }

    private async Task<IReadOnlyList<string>> Texts(UserId user) => [.. (await app.Mine(user)).Select(item => (string)item.Json("text")!)];
}
