using Platform.ServiceDefaults.Web;
using Platform.Testing.Routes;

namespace Platform.Users.Tests;

/// <summary>The routes of the service, and who may call them.</summary>
public sealed class RoutesTests(UsersAppForManyCalls app)
    : RouteTests<UsersAppForManyCalls, Program, RoutesTests>(app), IRoutes<UsersAppForManyCalls>
{
    private const string AnswersTokens = "Its answer is tokens, which must not lie readable in the database.";

    public static IReadOnlyList<Route<UsersAppForManyCalls>> Routes { get; } =
    [
        new("POST", "/api/users/", Role.Guest, Register) { TakesBody = true },
        new("GET", "/api/users/", Role.Admin, AsAdmin),
        new("GET", "/api/users/stats", Role.Admin, AsAdmin),
        new("GET", "/api/users/activity", Role.Admin, AsAdmin),
        new("GET", "/api/users/cohorts", Role.Admin, AsAdmin),
        new("GET", "/api/users/membership", Role.Admin, AsAdmin),
        new("GET", "/api/users/consent", Role: null, app => Task.FromResult(new Call(app.Anonymous))),
        new("GET", "/api/users/me", Role.Client, AsClient),
        new("DELETE", "/api/users/me", Role.Client, AsClient),
        new("GET", "/api/users/export", Role.Client, AsClient),
        new("GET", "/api/users/by-telegram/{telegramId}", Role.Guest, MyProfile) { OfSomebodyElse = [AnothersProfileAsGuest, AnothersProfile] },
        new("POST", "/api/users/{id}/block", Role.Admin, Block) { TakesBody = true },
        new("POST", "/api/users/{id}/unblock", Role.Admin, Unblock) { TakesBody = true },
        new("POST", "/api/users/staff/", Role.Admin, AddStaff) { TakesBody = true },
        new("DELETE", "/api/users/staff/{telegramId}", Role.Admin, RemoveStaff),
        new("POST", "/api/auth/login", Role: null, Login) { TakesBody = true, WithoutKey = AnswersTokens },
        new("POST", "/api/auth/bot", Role: null, SignInByBot) { TakesBody = true, WithoutKey = AnswersTokens },
        new("POST", "/api/auth/refresh", Role: null, Refresh) { TakesBody = true, WithoutKey = AnswersTokens },
        new("GET", "/api/auth/me", Role.Guest, async app => new(await AGuest(app))),
    ];

    private static async Task<Call> Register(UsersApp app) => new(await AGuest(app), Body: UsersApp.Particulars());

    private static async Task<Call> AsClient(UsersApp app) => new(app.First.Client((await app.GivenPerson()).Token));

    private static async Task<Call> AsAdmin(UsersApp app) => new(await TheAdmin(app));

    private static async Task<Call> MyProfile(UsersApp app)
    {
        var person = await app.GivenPerson();
        return new(app.First.Client(person.Token), person.TelegramId);
    }

    private static async Task<Call> AnothersProfileAsGuest(UsersApp app) => new(await AGuest(app), (await app.GivenPerson()).TelegramId);

    private static async Task<Call> AnothersProfile(UsersApp app) => await MyProfile(app) with { Id = (await app.GivenPerson()).TelegramId };

    private static async Task<Call> Block(UsersApp app) => new(await TheAdmin(app), (await app.GivenPerson()).UserId, new { reason = "Rude to the staff" });

    private static async Task<Call> Unblock(UsersApp app)
    {
        var person = await app.GivenPerson();
        await app.Block(person.UserId);
        return new(await TheAdmin(app), person.UserId, new { reason = "He apologized" });
    }

    private static async Task<Call> AddStaff(UsersApp app) =>
        new(await TheAdmin(app), Body: new { telegramId = UsersApp.NewTelegramId().Value, fullName = "Борис Котов" });

    private static async Task<Call> RemoveStaff(UsersApp app)
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.GivenStaff(telegramId);
        return new(await TheAdmin(app), telegramId);
    }

    private static async Task<Call> Login(UsersApp app)
    {
        // Wrong passwords of other calls lock him out.
        await app.Execute("delete from login_failures");
        return new(app.Anonymous, Body: new { login = UsersApp.AdminLogin, password = UsersApp.AdminPassword });
    }

    private static Task<Call> SignInByBot(UsersApp app) => Task.FromResult(
        new Call(app.Anonymous, Body: new { telegramId = UsersApp.NewTelegramId().Value }) { Header = ("X-Api-Key", UsersApp.ClientBotKey) });

    private static async Task<Call> Refresh(UsersApp app) =>
        new(app.Anonymous, Body: new { refreshToken = (await app.SignInByBot(UsersApp.NewTelegramId())).RefreshToken });

    private static async Task<HttpClient> AGuest(UsersApp app) => app.First.Client(await app.TokenByBot(UsersApp.NewTelegramId()));

    private static async Task<HttpClient> TheAdmin(UsersApp app) => app.First.Client(await app.Admin());
}

/// <summary>With no limit that a hundred registrations of one person would meet.</summary>
public sealed class UsersAppForManyCalls() : UsersApp("Users:RegistrationsPerMinute", "1000");
