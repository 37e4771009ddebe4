using System.Net;
using Platform.Notifications.Messages;

namespace Platform.Notifications.Tests.Messages;

public sealed class ListNotificationsTests(NotificationsApp app) : IClassFixture<NotificationsApp>
{
    private const string Address = "/api/notifications";

    [Fact]
    public async Task Staff_see_all_notifications_by_status_with_name_and_error()
    {
        var (anna, boris) = (Happened.NewUser(), Happened.NewUser());
        await app.Deliver(Happened.Registered(anna, fullName: "Анна"), Happened.Order(anna), Happened.Order(boris));
        await app.Execute($"update notifications set status = 'failed', attempts = 3, error = 'bot was blocked' where user_id = {anna}");

        var failed = (await app.AllPages($"{Address}?status=failed&limit=100", app.StaffToken(3))).SelectMany(page => page).ShouldHaveSingleItem();
        failed.Json("userId").ShouldBe(anna.Value);
        failed.Json("fullName").ShouldBe("Анна");
        failed.Json("attempts").ShouldBe(3L);
        failed.Json("error").ShouldBe("bot was blocked");

        var all = (await app.AllPages($"{Address}?limit=1", app.StaffToken(3))).SelectMany(page => page).Select(item => item.Json("userId")).ToList();
        all.ShouldContain(anna.Value);
        all.ShouldContain(boris.Value);
    }

    [Fact]
    public async Task Every_status_can_be_used_as_a_filter_as_it_is_spelled_in_answers()
    {
        foreach (var status in Enum.GetNames<NotificationStatus>().Select(name => name.ToLowerInvariant()))
        {
            (await app.Get($"{Address}?status={status}", app.StaffToken(3))).Status.ShouldBe(HttpStatusCode.OK, status);
        }
    }

    [Theory]
    [InlineData("?status=lost")]
    [InlineData("?limit=101")]
    public async Task An_invalid_query_is_refused(string query)
    {
        (await app.Get(Address + query, app.StaffToken(3))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Guests_cannot_list_notifications()
    {
        (await app.Get(Address, token: null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.Get(Address, app.ClientToken(Happened.NewUser()))).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }
}
