using System.Net;

namespace Platform.Notifications.Tests.Messages;

public sealed class GetMyNotificationsTests(SharedNotificationsApp app)
{
    private const string Address = "/api/notifications/mine";

    [Fact]
    public async Task A_person_sees_only_their_own_notifications()
    {
        var (anna, boris) = (Happened.NewUser(), Happened.NewUser());
        var order = Happened.Order(anna, amount: 111);
        await app.Deliver(order, Happened.Order(boris, amount: 222));

        var seen = (await app.Mine(anna)).ShouldHaveSingleItem();

        seen.Json("text").ShouldBeOfType<string>().ShouldContain("на 111 ₽");
        (await app.Mine(Happened.NewUser())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_are_newest_first_and_miss_nothing_even_with_equal_times()
    {
        var user = Happened.NewUser();
        var instants = Enumerable.Range(0, 11).Select(i => Happened.Now.AddMinutes(-(i / 3) * 5)).ToArray();
        await app.Deliver([.. instants.Select(at => Happened.Order(user, at))]);

        var pages = await app.AllPages($"{Address}?limit=4", app.ClientToken(user));

        pages.Select(page => page.Count).ShouldBe([4, 4, 3]);
        var all = pages.SelectMany(page => page).ToList();
        all.Select(item => item.Json("id")).Distinct().Count().ShouldBe(11);
        var times = all.Select(item => DateTimeOffset.Parse((string)item.Json("createdAt")!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        times.ShouldBe(instants.OrderDescending());
    }

    [Fact]
    public async Task A_notification_is_shown_in_the_persons_current_language()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user, "ru"), Happened.Level(user, "platinum"));
        (await app.Mine(user)).Single().Json("text").ShouldBe("Поздравляем! Ваш новый уровень — «Платина».");

        await app.Deliver(Happened.Registered(user, "en", version: 2));
        (await app.Mine(user)).Single().Json("text").ShouldBe("Congratulations! Your new level is Platinum.");
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?after=nonsense", null)]
    [InlineData("?after=-1-5", null)]
    [InlineData("?after=9223372036854775807-1", null)]
    [InlineData("?limit=many", null)]
    public async Task An_invalid_page_query_is_refused(string query, string? field)
    {
        var refused = await app.Get(Address + query, app.ClientToken(Happened.NewUser()));

        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.IsProblem.ShouldBeTrue(refused.Body);
        if (field is not null)
        {
            refused.Body.ShouldContain($"\"{field}\"");
        }
    }

    [Fact]
    public async Task Callers_without_a_token_or_registration_are_refused()
    {
        (await app.Get(Address, token: null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.Get(Address, app.GuestToken(1001))).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.Get(Address, app.StaffToken(3))).Status.ShouldBe(HttpStatusCode.OK);
    }
}
