using Platform.Contracts;

namespace Platform.Notifications.Tests.Messages;

public sealed class QueuedOnceTests(NotificationsApp app) : IClassFixture<NotificationsApp>
{
    [Fact]
    public async Task An_order_queues_one_notification_with_its_amount_and_points()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user), Happened.Order(user));

        var queued = (await app.Mine(user)).ShouldHaveSingleItem();

        queued.Json("template").ShouldBe("order_placed");
        queued.Json("category").ShouldBe("transactional");
        queued.Json("status").ShouldBe("queued");
        queued.Json("sentAt").ShouldBeNull();
        queued.Json("text").ShouldBe("Спасибо за заказ на 1\u00a0250 ₽! Начислили 12 баллов, на счету 12 баллов.");
    }

    [Fact]
    public async Task A_new_level_queues_one_notification()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user), Happened.Level(user, "gold"));

        var queued = (await app.Mine(user)).ShouldHaveSingleItem();

        queued.Json("template").ShouldBe("level_changed");
        queued.Json("category").ShouldBe("personal");
        queued.Json("text").ShouldBe("Поздравляем! Ваш новый уровень — «Золото».");
    }

    [Fact]
    public async Task Each_refund_queues_one_notification_with_the_amount_the_points_and_the_debt()
    {
        var user = Happened.NewUser();
        var (part, rest) = (new Message(Happened.Refund(user)), new Message(Happened.Refund(user, debt: 40)));
        await app.Deliver(Happened.Registered(user, "en"), part, rest, part, new Message(rest.Event));

        (await app.Mine(user)).Select(item => item.Json("text")).ShouldBe(
            [
                "Your order was refunded: 300 ₽. We took back 3 points and returned 0 points; you now have 9 points.",
                "Your order was refunded: 300 ₽. We took back 3 points and returned 0 points; you now have 0 points. Another 40 points will come off the points you earn next.",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_level_reached_a_second_time_queues_a_second_notification()
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Level(user, "silver", version: 2), Happened.Level(user, "silver", version: 4));

        (await app.Mine(user)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_redelivered_message_queues_nothing_more()
    {
        var user = Happened.NewUser();
        var order = new Message(Happened.Order(user));

        await app.Deliver(order, order, order);

        (await app.Mine(user)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_event_published_again_after_the_inbox_was_emptied_queues_nothing_more()
    {
        var user = Happened.NewUser();
        var (order, level) = (new Message(Happened.Order(user)), new Message(Happened.Level(user)));
        await app.Deliver(order, level);
        await app.Execute("delete from inbox");

        await app.Deliver(order, level, new Message(order.Event), new Message(level.Event));

        (await app.Mine(user)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_order_that_arrives_before_its_guest_queues_one_notification_in_their_language()
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Order(user));
        (await app.Mine(user)).ShouldHaveSingleItem().Json("text").ShouldBeOfType<string>().ShouldStartWith("Спасибо");

        await app.Deliver(Happened.Registered(user, "en"));
        (await app.Mine(user)).ShouldHaveSingleItem().Json("text").ShouldBeOfType<string>().ShouldStartWith("Thank you for your order of 1,250 ₽!");
    }

    [Fact]
    public async Task A_notification_for_an_erased_person_is_recorded_as_suppressed()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user));
        await app.Execute($"update contacts set erased = true, full_name = '', city = null where user_id = {user}");

        await app.Deliver(Happened.Order(user), Happened.Registered(user, version: 9));

        (await app.Mine(user)).ShouldHaveSingleItem().Json("status").ShouldBe("suppressed");
        (await app.Count($"select count(*) from contacts where user_id = {user} and full_name = ''")).ShouldBe(1);
    }

    // The seed decides the order of delivery, and which events are repeated, as the same message or as a new one.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Each_event_queues_one_notification_whatever_the_order_and_repetitions(int seed)
    {
        var random = new Random(seed);
        var people = Enumerable.Range(0, 5).Select(_ => Happened.NewUser()).ToArray();
        var expected = new Dictionary<UserId, int>();
        var messages = new List<Message>();
        foreach (var person in people)
        {
            var versions = random.Next(1, 4);
            messages.AddRange(Enumerable.Range(1, versions)
                .Select(version => new Message(Happened.Registered(person, version == versions ? "en" : "ru", version, $"v{version}"))));
            var orders = Enumerable.Range(0, random.Next(0, 6)).Select(_ => new Message(Happened.Order(person))).ToList();
            var levels = Enumerable.Range(2, random.Next(0, 3)).Select(version => new Message(Happened.Level(person, version: version))).ToList();
            messages.AddRange([.. orders, .. levels]);
            expected[person] = orders.Count + levels.Count;
        }

        var repeated = Enumerable.Range(0, messages.Count).Select(_ => messages[random.Next(messages.Count)])
            .Select(message => random.Next(2) == 0 ? message : new Message(message.Event));
        Message[] deliveries = [.. messages, .. repeated];
        random.Shuffle(deliveries);

        await app.Deliver(deliveries);

        foreach (var person in people)
        {
            var mine = await app.Mine(person);
            mine.Count.ShouldBe(expected[person]);
            mine.ShouldAllBe(notification => !((string)notification.Json("text")!).StartsWith("Спасибо"));
        }

        (await app.Count($"select count(*) from contacts where user_id = any(array[{string.Join(',', people)}]::bigint[]) and language = 'en'"))
            .ShouldBe(people.Length);
    }
}
