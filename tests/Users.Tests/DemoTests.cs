using System.Net;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Users.Activity;
using Platform.Users.Membership;
using Platform.Users.People;
using Platform.Users.Staff;

namespace Platform.Users.Tests;

public sealed class DemoTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_guests_are_published_and_demo_baristas_can_sign_in()
    {
        await Seed(DemoGuests.Add);
        await Seed(DemoStaff.Add);

        var published = await app.Published<UserRegistered>(happened => happened.UserId == new UserId(DemoGuests.FirstId));
        published.FullName.ShouldBe("Мария Иванова");
        published.TelegramId.ShouldBe(new TelegramId(DemoGuests.FirstTelegramId));
        var barista = await app.Get("/api/auth/me", await app.TokenByBot(new TelegramId(DemoStaff.FirstTelegramId)));
        barista.Json("role").ShouldBe("staff");
        barista.Json("staffId").ShouldBe(DemoStaff.FirstId);
        var guest = await app.Get("/api/users/me", await app.TokenByBot(new TelegramId(DemoGuests.FirstTelegramId)));
        guest.Status.ShouldBe(HttpStatusCode.OK);
        guest.Json("id").ShouldBe(DemoGuests.FirstId);
    }

    [Fact]
    public async Task Demo_guests_look_like_real_people()
    {
        await Seed(DemoGuests.Add);

        const string demo = "from users where id > 900000";
        (await app.Count($"select count(*) {demo} and language = 'en'")).ShouldBe(400);
        (await app.Count($"select count(distinct full_name) - count(*) {demo}")).ShouldBe(0);
        (await app.Count($"select count(distinct city) {demo}")).ShouldBe(8);
        (await app.Count($"select count(*) {demo} and phone not like '+7000%'")).ShouldBe(0);
        (await app.Count($"select count(*) {demo} and phone_verified_at is not null")).ShouldBeInRange(1_500, 1_999);
        (await app.Count($"select count(*) {demo} and created_at not between '{app.Clock.GetUtcNow().AddDays(-183):O}' and '{app.Clock.GetUtcNow():O}'")).ShouldBe(0);
        (await app.Count($"select (max(created_at)::date - min(created_at)::date) {demo}")).ShouldBeGreaterThan(175);
    }

    [Fact]
    public async Task Every_fifth_demo_guest_is_or_was_a_premium_member()
    {
        await Seed(DemoGuests.Add);
        await Seed(DemoMemberships.Add);

        var now = app.Clock.GetUtcNow();
        const string demo = "from users where id > 900000";
        (await app.Count($"select count(*) {demo} and member_id is not null and (id - 900001) % 5 = 0")).ShouldBe(400);
        (await app.Count($"select count(*) {demo} and member_id is not null")).ShouldBe(400);
        (await app.Count($"select count(*) {demo} and membership_type = 'premium' and membership_expires > '{now:O}'")).ShouldBeInRange(300, 310);
        (await app.Count($"select count(*) {demo} and membership_type = 'free' and membership_expires < '{now:O}'")).ShouldBeInRange(90, 100);
        (await app.Count($"select count(*) {demo} and membership_expires between '{now.AddDays(5):O}' and '{now.AddDays(7):O}'")).ShouldBe(1);
        var published = await app.Published<UserUpdated>(happened => happened.UserId == new UserId(DemoGuests.FirstId));
        (published.MembershipType, published.MemberId)
            .ShouldBe((MembershipTypes.Premium, (string?)(await app.Row($"select member_id {demo} and id = 900001"))["member_id"]));
        await app.AddsUp();
    }

    [Fact]
    public async Task Demo_guests_come_back_less_over_time()
    {
        await Seed(DemoGuests.Add);
        await Seed(DemoActivity.Add);

        (await app.Count("select count(distinct kind) from activity_days where user_id > 900000")).ShouldBe(5);
        (await app.Count("select count(*) from activity_days where user_id > 900000")).ShouldBeGreaterThan(10_000);
        (await app.Count("select count(*) from activity_days a join users u on u.id = a.user_id where user_id > 900000 and day not between u.created_at::date and current_date + 1")).ShouldBe(0);
        var (soon, later, last) = (await Active("active_week_1"), await Active("active_week_4"), await Active("active_week_12"));
        soon.ShouldBeGreaterThan(later);
        later.ShouldBeGreaterThan(last);
        last.ShouldBeGreaterThan(10);

        Task<long> Active(string week) =>
            app.Count($"select count(*) from user_cohorts_basic where {week} and registered_on < current_date - 100 and user_id > 900000");
    }

    private Task<long> Seed(Func<IServiceProvider, CancellationToken, Task<long>> seed) => app.Seed(seed, Ct);
}

/// <summary>On a separate database that already has real people.</summary>
public sealed class DemoAmongRealPeopleTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seeding_twice_adds_the_same_demo_data_once_and_leaves_real_people_alone()
    {
        var real = await app.GivenPerson(telegramId: new TelegramId(DemoGuests.FirstTelegramId + 3));
        await app.GivenStaff(new TelegramId(DemoStaff.FirstTelegramId + 1));
        var before = await Rows("users where id < 900000");

        (await app.Seed(DemoGuests.Add, Ct)).ShouldBe(1_999);
        (await app.Seed(DemoMemberships.Add, Ct)).ShouldBe(400);
        (await app.Seed(DemoActivity.Add, Ct)).ShouldBeGreaterThan(10_000);
        (await app.Seed(DemoStaff.Add, Ct)).ShouldBe(DemoStaff.Count - 1);
        var (seeded, days) = (await Rows("users where id > 900000"), await Days());
        (await app.Seed(DemoGuests.Add, Ct)).ShouldBe(0);
        (await app.Seed(DemoMemberships.Add, Ct)).ShouldBe(0);
        (await app.Seed(DemoActivity.Add, Ct)).ShouldBe(0);
        (await app.Seed(DemoStaff.Add, Ct)).ShouldBe(0);

        (await Rows("users where id < 900000")).ShouldBe(before);
        (await Rows("users where id > 900000")).ShouldBe(seeded);
        (await app.Get("/api/users/me", real.Token)).Json("fullName").ShouldBe("Анна Смирнова");
        (await app.Run("verify")).ShouldBe(0);

        await app.Execute(
            """
            delete from acquisition_channels;
            delete from activity_days;
            delete from membership_periods;
            delete from membership_reminders;
            delete from member_ids;
            delete from seen_phones where user_id > 900000;
            delete from users where id > 900000
            """);
        (await app.Seed(DemoGuests.Add, Ct)).ShouldBe(1_999);
        (await app.Seed(DemoMemberships.Add, Ct)).ShouldBe(400);
        await app.Seed(DemoActivity.Add, Ct);
        (await Rows("users where id > 900000")).ShouldBe(seeded);
        (await Days()).ShouldBe(days);
    }

    private Task<IReadOnlyList<string>> Days() => app.Database.Column<string>("select d::text from users.activity_days d order by user_id, day, kind", Ct);

    private Task<IReadOnlyList<string>> Rows(string of) =>
        app.Database.Column<string>($"select u::text from users.{of.Replace("users", "users u", StringComparison.Ordinal)} order by id", Ct);
}
