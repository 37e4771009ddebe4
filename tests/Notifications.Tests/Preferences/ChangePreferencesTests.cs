using System.Net;

namespace Platform.Notifications.Tests.Preferences;

public sealed class ChangePreferencesTests(SharedNotificationsApp app)
{
    private const string Address = "/api/notifications/preferences";

    [Fact]
    public async Task Everything_is_wanted_until_a_guest_switches_it_off()
    {
        var token = app.ClientToken(Happened.NewUser());

        (await app.Get(Address, token)).Body.ShouldBe("""{"marketing":true,"reminders":true}""");
        (await app.Put(Address, token, new { marketing = false })).Body.ShouldBe("""{"marketing":false,"reminders":true}""");
        (await app.Put(Address, token, new { reminders = false })).Body.ShouldBe("""{"marketing":false,"reminders":false}""");
        (await app.Put(Address, token, new { marketing = true, reminders = false })).Body.ShouldBe("""{"marketing":true,"reminders":false}""");

        (await app.Get(Address, token)).Body.ShouldBe("""{"marketing":true,"reminders":false}""");
    }

    [Fact]
    public async Task An_erased_guest_leaves_no_preferences_behind()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user));
        await app.Execute($"update contacts set erased = true, full_name = '', city = null where user_id = {user}");

        (await app.Put(Address, app.ClientToken(user), new { marketing = false })).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Count($"select count(*) from preferences where user_id = {user}")).ShouldBe(0);
    }
}
