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
        new("POST", "/api/users/check", Role.Guest, CheckAnswers) { TakesBody = true, WithoutKey = "It changes nothing." },
        new("GET", "/api/users/me", Role.Client, AsClient),
        new("PATCH", "/api/users/me", Role.Client, UpdateMe) { TakesBody = true },
        new("DELETE", "/api/users/me", Role.Client, AsClient),
        new("DELETE", "/api/users/me/consent", Role.Client, AsClient),
        new("GET", "/api/users/me/card", Role.Client, AsClient),
        new("GET", "/api/users/me/card.png", Role.Client, AsClient),
        new("GET", "/api/users/me/card.svg", Role.Client, AsClient),
        new("POST", "/api/users/{id}/membership", Role.Admin, GrantMembership) { TakesBody = true },
        new("POST", "/api/members/verify", Role.Staff, VerifyMember) { TakesBody = true,
            WithoutKey = "It changes nothing, and a recorded answer would be about another moment." },
        new("GET", "/api/users/switches/", Role.Admin, async app => new(await TheAdmin(app))),
        new("PUT", "/api/users/switches/", Role.Admin, async app => new(await TheAdmin(app), Body: new { payments = true })) { TakesBody = true },
        new("PUT", "/api/users/me/email", Role.Client, ChangeMyEmail) { TakesBody = true },
        new("GET", "/api/users/export", Role.Client, AsClient),
        new("GET", "/api/users/by-telegram/{telegramId}", Role.Guest, MyProfile) { OwnedByAnother = [AnothersProfileAsGuest, AnothersProfile] },
        new("POST", "/api/users/{id}/block", Role.Admin, Block) { TakesBody = true },
        new("POST", "/api/users/{id}/unblock", Role.Admin, Unblock) { TakesBody = true },
        new("POST", "/api/users/staff/", Role.Admin, AddStaff) { TakesBody = true },
        new("GET", "/api/users/staff/", Role.Admin, AsAdmin),
        new("PATCH", "/api/users/staff/{telegramId}", Role.Admin, ChangeStaffRights) { TakesBody = true },
        new("DELETE", "/api/users/staff/{telegramId}", Role.Admin, RemoveStaff),
        new("POST", "/api/auth/login", Role: null, Login) { TakesBody = true, WithoutKey = AnswersTokens },
        new("POST", "/api/auth/bot", Role: null, SignInByBot) { TakesBody = true, WithoutKey = AnswersTokens },
        new("POST", "/api/auth/telegram", Role: null, SignInByMiniApp) { TakesBody = true, WithoutKey = AnswersTokens },
        new("POST", "/api/auth/email", Role: null, SendEmailCode) { TakesBody = true,
            WithoutKey = "Each call sends another code, and none of them is in its answer." },
        new("POST", "/api/auth/email/confirm", Role: null, SignInByEmail) { TakesBody = true, WithoutKey = AnswersTokens },
        new("POST", "/api/auth/recover", Role.Guest, Recover) { TakesBody = true, WithoutKey = AnswersTokens },
        new("POST", "/api/auth/refresh", Role: null, Refresh) { TakesBody = true, WithoutKey = AnswersTokens },
        new("GET", "/api/auth/me", Role.Guest, async app => new(await AGuest(app))),
    ];

    private static async Task<Call> Register(UsersApp app) => new(await AGuest(app), Body: UsersApp.ProfileDetails());

    private static async Task<Call> CheckAnswers(UsersApp app) => new(await AGuest(app), Body: new { fullName = "Анна Смирнова" });

    private static async Task<Call> AsClient(UsersApp app) => new(app.First.Client((await app.GivenPerson()).Token));

    private static async Task<Call> UpdateMe(UsersApp app) => await AsClient(app) with { Body = new { city = "Казань" } };

    private static async Task<Call> GrantMembership(UsersApp app) =>
        new(await TheAdmin(app), (await app.GivenPerson()).UserId, new { days = 14, reason = "The card reader was broken" });

    private static async Task<Call> VerifyMember(UsersApp app)
    {
        var memberId = (await app.Get("/api/users/me/card", (await app.GivenPerson()).Token)).Json("memberId");
        return new(app.First.Client(await app.GivenStaff()), Body: new { memberId });
    }

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
        return new(await TheAdmin(app), person.UserId, new { reason = "They apologized" });
    }

    private static async Task<Call> AddStaff(UsersApp app) =>
        new(await TheAdmin(app), Body: new { telegramId = UsersApp.NewTelegramId().Value, fullName = "Борис Котов" });

    private static async Task<Call> RemoveStaff(UsersApp app)
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.GivenStaff(telegramId);
        return new(await TheAdmin(app), telegramId);
    }

    private static async Task<Call> ChangeStaffRights(UsersApp app) => await RemoveStaff(app) with { Body = new { role = "manager" } };

    private static async Task<Call> Login(UsersApp app)
    {
        // Wrong passwords in other calls lock the admin out.
        await app.Execute("delete from login_failures");
        return new(app.Anonymous, Body: new { login = UsersApp.AdminLogin, password = UsersApp.AdminPassword });
    }

    private static Task<Call> SignInByBot(UsersApp app) => Task.FromResult(
        new Call(app.Anonymous, Body: new { telegramId = UsersApp.NewTelegramId().Value }) { Header = ("X-Api-Key", UsersApp.ClientBotKey) });

    private static async Task<Call> ChangeMyEmail(UsersApp app)
    {
        var email = SandboxMail.NewAddress();
        return await AsClient(app) with { Body = (await app.CodeFor(email)).Body };
    }

    private static Task<Call> SignInByMiniApp(UsersApp app) => Task.FromResult(
        new Call(app.Anonymous, Body: new { initData = new MiniApp(UsersApp.NewTelegramId(), app.Clock.GetUtcNow()).InitData }));

    private static async Task<Call> SendEmailCode(UsersApp app)
    {
        await SandboxMail.Shared();
        return new(app.Anonymous, Body: new { email = SandboxMail.NewAddress(), language = "en" });
    }

    private static async Task<Call> SignInByEmail(UsersApp app)
    {
        var email = SandboxMail.NewAddress();
        return new(app.Anonymous, Body: (await app.CodeFor(email)).Body);
    }

    private static async Task<Call> Recover(UsersApp app)
    {
        var phone = UsersApp.NewPhone();
        await app.GivenVerifiedPerson(phone);
        return new(await AGuest(app), Body: new { phone, phoneVerified = true });
    }

    private static async Task<Call> Refresh(UsersApp app) =>
        new(app.Anonymous, Body: new { refreshToken = (await app.SignInByBot(UsersApp.NewTelegramId())).RefreshToken });

    private static async Task<HttpClient> AGuest(UsersApp app) => app.First.Client(await app.TokenByBot(UsersApp.NewTelegramId()));

    private static async Task<HttpClient> TheAdmin(UsersApp app) => app.First.Client(await app.Admin());
}

/// <summary>With limits too high to matter here, and with QR codes on, which no call switches off.</summary>
public sealed class UsersAppForManyCalls() : UsersApp("Users:RegistrationsPerMinute", "1000")
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Switch(new { qr = true });
    }
}
