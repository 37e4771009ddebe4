using System.Globalization;

namespace Platform.Notifications.Tests.Storage;

public sealed class PartitionsTests(NotificationsApp app) : IClassFixture<NotificationsApp>
{
    [Fact]
    public async Task Monthly_partitions_exist_a_year_ahead_and_notifications_go_into_them()
    {
        var user = Happened.NewUser();
        var inAYear = Happened.Now.AddMonths(12);
        await app.Deliver(Happened.Order(user), Happened.Order(user, inAYear));

        var partitions = await app.Column($"select distinct tableoid::regclass::text from notifications where user_id = {user} order by 1");

        partitions.Count.ShouldBe(2);
        partitions.ShouldAllBe(partition => !partition.Contains("default", StringComparison.Ordinal));
        partitions[0].ShouldContain(Happened.Now.ToString("yyyy", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task An_event_with_an_odd_date_is_stored_once_in_the_default_partition()
    {
        var user = Happened.NewUser();
        var order = new Message(Happened.Order(user, new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.FromHours(3))));

        await app.Deliver(order, new Message(order.Event));

        (await app.Mine(user)).ShouldHaveSingleItem().Json("createdAt").ShouldBe("1999-12-31T20:59:59Z");
        (await app.Column($"select tableoid::regclass::text from notifications where user_id = {user}")).Single().ShouldContain("default");
    }
}
