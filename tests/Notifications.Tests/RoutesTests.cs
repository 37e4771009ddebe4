using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing.Routes;

namespace Platform.Notifications.Tests;

public sealed class RoutesTests(NotificationsApp app) : RouteTests<NotificationsApp, Program, RoutesTests>(app), IRoutes<NotificationsApp>
{
    public static IReadOnlyList<Route<NotificationsApp>> Routes { get; } =
    [
        new("GET", "/api/notifications/mine", Role.Client, AsClient),
        new("GET", "/api/notifications/export", Role.Client, AsClient),
        new("GET", "/api/notifications/", Role.Staff, app => Task.FromResult(new Call(app.Staff(new StaffId(3))))),
        new("GET", "/api/notifications/preferences", Role.Client, AsClient) { NeedsPerson = true },
        new("PUT", "/api/notifications/preferences", Role.Client, ChangePreferences) { NeedsPerson = true, TakesBody = true },
        new("POST", "/api/notifications/messages", Role.Staff, SendMessage) { TakesBody = true },
        new("POST", "/api/notifications/{id}/retry", Role.Staff, RetryOneThatFailed),
    ];

    private static async Task<Call> AsClient(NotificationsApp app)
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user), Happened.Order(user));
        return new(app.Client(user));
    }

    private static async Task<Call> ChangePreferences(NotificationsApp app) => await AsClient(app) with { Body = new { marketing = false } };

    private static async Task<Call> SendMessage(NotificationsApp app)
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user));
        return new(app.Staff(new StaffId(3)), Body: new { userId = user, text = "Ваш зонт у нас." });
    }

    private static async Task<Call> RetryOneThatFailed(NotificationsApp app)
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user), Happened.Order(user));
        await app.Execute($"delete from queue where user_id = {user}; update notifications set status = 'failed' where user_id = {user}");
        return new(app.Staff(new StaffId(3)), await app.Count($"select id from notifications where user_id = {user}"));
    }
}
