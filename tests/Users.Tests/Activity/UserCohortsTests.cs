using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Users.Tests.Activity;

public sealed class UserCohortsTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cohort_view_has_one_row_per_person()
    {
        var erased = await app.GivenPerson();
        var busy = await app.GivenPerson();
        await app.GivenPerson();
        await app.Delete("/api/users/me", erased.Token);
        foreach (var kind in new[] { "order", "lesson", "letter", "credits", "bot" })
        {
            await Active(busy.UserId, "2026-03-11", kind);
            await Active(busy.UserId, "2026-03-12", kind);
        }

        (await app.Count("select count(*) from user_cohorts_basic")).ShouldBe(await app.Count("select count(*) from users where erased_at is null"));
        (await app.Count("select count(distinct user_id) from user_cohorts_basic")).ShouldBe(await app.Count("select count(*) from user_cohorts_basic"));
        (await app.Count("select sum(people) from user_cohorts")).ShouldBe(await app.Count("select count(*) from user_cohorts_basic"));
        (await app.Count("select count(*) from user_stats")).ShouldBe(await app.Count("select count(*) from user_cohorts_basic"));
    }

    [Theory]
    // Late on Sunday in Moscow, and just after midnight on Monday.
    [InlineData("2026-03-08T20:59:00Z", "2026-03-08", "2026-03-02", "2026-03-01")]
    [InlineData("2026-03-08T21:00:00Z", "2026-03-09", "2026-03-09", "2026-03-01")]
    [InlineData("2026-03-31T21:30:00Z", "2026-04-01", "2026-03-30", "2026-04-01")]
    [InlineData("2026-12-31T21:00:00Z", "2027-01-01", "2026-12-28", "2027-01-01")]
    public async Task A_person_belongs_to_the_week_and_month_of_registration(string registeredAt, string day, string week, string month)
    {
        var person = await RegisteredAt(registeredAt);

        (await Cohort<string>(person, "format('%s %s %s %s', registered_on, registration_week, registration_month, channel)"))
            .ShouldBe($"{day} {week} {month} unknown");
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "1")]
    [InlineData(7, "1")]
    [InlineData(8, "")]
    [InlineData(21, "")]
    [InlineData(22, "4")]
    [InlineData(28, "4")]
    [InlineData(29, "")]
    [InlineData(77, "")]
    [InlineData(78, "12")]
    [InlineData(84, "12")]
    [InlineData(85, "")]
    public async Task Activity_counts_for_the_week_in_which_it_happened(int day, string week)
    {
        var person = await RegisteredAt("2026-01-15T09:00:00Z");

        await Active(person.UserId, $"{new DateOnly(2026, 1, 15).AddDays(day):O}");

        (await Cohort<string>(person,
            "concat_ws(',', case when active_week_1 then 1 end, case when active_week_4 then 4 end, case when active_week_12 then 12 end)"))
            .ShouldBe(week);
    }

    [Fact]
    public async Task A_refund_does_not_count_as_a_return()
    {
        var person = await RegisteredAt("2026-01-15T09:00:00Z");

        await app.Execute($"insert into activity_days values ({person.UserId}, '2026-01-18', 'order', 0, -100)");

        (await Cohort<bool>(person, "active_week_1")).ShouldBeFalse();
        (await app.Row($"select last_active, orders, spent from user_stats where user_id = {person.UserId}")).Values.ShouldBe([null, 0m, -100m]);
    }

    [Fact]
    public async Task Retention_counts_only_people_whose_period_is_over()
    {
        // For a registration six days ago day 7 is still ahead; for eight days ago it is over.
        var today = DateOnly.FromDateTime(app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(3)).Date);
        var channel = $"fair_{Guid.NewGuid():N}"[..20];
        foreach (var (daysAgo, returned) in new[] { (6, true), (7, false), (8, true), (8, false) })
        {
            var person = await Came(channel, today.AddDays(-daysAgo));
            if (returned)
            {
                await Active(person.UserId, $"{today.AddDays(-daysAgo + 1):O}");
            }
        }

        var cohorts = (await Cohorts($"?from={today.AddDays(-8):O}&to={today:O}")).Where(cohort => (string?)cohort["channel"] == channel).ToList();

        Sum("people").ShouldBe(4);
        cohorts.Sum(cohort => (long)cohort["week1"]!["over"]!).ShouldBe(2);
        cohorts.Sum(cohort => (long)cohort["week1"]!["active"]!).ShouldBe(1);
        cohorts.Sum(cohort => (long)cohort["week4"]!["over"]!).ShouldBe(0);

        long Sum(string field) => cohorts.Sum(cohort => (long)cohort[field]!);
    }

    [Fact]
    public async Task Ended_premium_is_not_counted_in_cohorts()
    {
        var today = DateOnly.FromDateTime(app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(3)).Date);
        var channel = $"gifts_{Guid.NewGuid():N}"[..20];
        var (lasting, ended) = (await Came(channel, today), await Came(channel, today));
        foreach (var person in new[] { lasting, ended })
        {
            (await app.Post($"/api/users/{person.UserId}/membership", new { days = 5, reason = "Opening day" }, await app.Admin()))
                .Status.ShouldBe(HttpStatusCode.OK);
        }

        await app.Execute(
            $"update users set membership_expires = '{app.Clock.GetUtcNow():O}' where id = {ended.UserId}");

        var cohort = (await Cohorts("")).Single(cohort => (string?)cohort["channel"] == channel);

        ((long)cohort["premium"]!).ShouldBe(1);
    }

    [Fact]
    public async Task The_cohort_views_ignore_ended_premium_before_its_end_is_recorded()
    {
        var (lasting, ended) = (await app.GivenPerson(), await app.GivenPerson());
        await app.GivenPremium(lasting, days: 5);
        await app.GivenPremium(ended, days: 5);
        // By the clock of the database, which the views use; no job has run since.
        await app.Execute($"update users set membership_expires = now() + case when id = {lasting.UserId} then interval '1 day' else interval '-1 second' end where id in ({lasting.UserId}, {ended.UserId})");

        (await Cohort<bool>(lasting, "premium")).ShouldBeTrue();
        (await Cohort<bool>(ended, "premium")).ShouldBeFalse();
        (await app.Count("select sum(premium) from user_cohorts")).ShouldBe(await app.Count("select count(*) from user_cohorts_basic where premium"));
    }

    [Theory]
    [InlineData("?from=2026-03-05&to=2026-03-01")]
    [InlineData("?from=2024-12-30&to=2026-02-23")]
    [InlineData("?from=0001-01-01")]
    public async Task Cohorts_for_more_than_60_weeks_or_a_reversed_period_are_refused(string query) =>
        (await app.Get($"/api/users/cohorts{query}", await app.Admin())).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "period_invalid");

    [Theory]
    [InlineData("?from=2025-01-06&to=2026-03-01", "2025-01-06", "2026-02-23")]
    [InlineData("?from=2026-03-05&to=2026-03-05", "2026-03-02", "2026-03-02")]
    [InlineData("?to=2026-03-05", "2025-12-15", "2026-03-02")]
    [InlineData("?to=0001-01-09", "0001-01-01", "0001-01-08")]
    [InlineData("?from=9999-12-31&to=9999-12-31", "9999-12-27", "9999-12-27")]
    public async Task Cohorts_cover_12_weeks_by_default_and_accept_any_day_of_a_week(string query, string first, string last)
    {
        var answer = await app.Get($"/api/users/cohorts{query}", await app.Admin());

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        ((string?)answer.Json("from"), (string?)answer.Json("to")).ShouldBe((first, last));
    }

    private async Task<Person> RegisteredAt(string at)
    {
        var person = await app.GivenPerson();
        await app.Execute($"update users set created_at = '{at}', updated_at = greatest(updated_at, '{at}') where id = {person.UserId}");
        return person;
    }

    private async Task<Person> Came(string channel, DateOnly on)
    {
        var id = UsersApp.NewTelegramId();
        var answer = await app.Register(await app.TokenByBot(id),
            new { fullName = "Анна Смирнова", phone = UsersApp.NewPhone(), consentPersonalData = true, channel });
        var person = new Person(id, new UserId((long)answer.Json("id")!), "");
        await app.Execute($"update users set created_at = timestamp '{on:O} 12:00' at time zone 'Europe/Moscow' where id = {person.UserId}");
        return person;
    }

    private Task Active(UserId userId, string day, string kind = "bot") =>
        app.Execute($"insert into activity_days (user_id, day, kind, count) values ({userId}, '{day}', '{kind}', 1)");

    private Task<T?> Cohort<T>(Person person, string what) =>
        app.Database.Scalar<T>($"select {what} from users.user_cohorts_basic where user_id = {person.UserId}", Ct);

    private async Task<IReadOnlyList<JsonNode>> Cohorts(string query)
    {
        var answer = await app.Get($"/api/users/cohorts{query}", await app.Admin());
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return [.. JsonNode.Parse(answer.Body)!["items"]!.AsArray().Select(cohort => cohort!)];
    }
}
