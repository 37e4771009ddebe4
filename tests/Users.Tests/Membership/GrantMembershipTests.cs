using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.Membership;

public sealed class GrantMembershipTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Granted_premium_issues_a_card_and_publishes_the_change()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();

        var granted = await app.Grant(person, days: 14);

        granted.Status.ShouldBe(HttpStatusCode.OK, granted.Body);
        granted.Json("type").ShouldBe("premium");
        UsersApp.Instant(granted, "expires").ShouldBe(now.AddDays(14));
        var memberId = granted.Json("memberId").ShouldBeOfType<string>();
        var me = await app.Get("/api/users/me", person.Token);
        (me.Json("membership.type"), me.Json("membership.memberId")).ShouldBe(("premium", memberId));

        var activated = await app.Published<MembershipActivated>(published => published.UserId == person.UserId);
        (activated.MemberId, activated.Prolonged, activated.ExpiresAt).ShouldBe((memberId, false, now.AddDays(14)));
        var updated = await app.Published<UserUpdated>(published => published.UserId == person.UserId);
        (updated.MemberId, updated.MembershipType, updated.MembershipExpires).ShouldBe((memberId, MembershipTypes.Premium, now.AddDays(14)));
        (await app.Audit($"user:{person.UserId}"))
            .ShouldContain(row => row.Action == "membership.grant" && row.Subject == app.AdminSubject && row.Details.Contains("card reader"));
    }

    [Fact]
    public async Task A_grant_extends_premium_from_its_end_and_keeps_the_card_number()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var first = await app.Grant(person, days: 14);

        var second = await app.Grant(person, days: 10);

        UsersApp.Instant(second, "expires").ShouldBe(now.AddDays(24));
        second.Json("memberId").ShouldBe(first.Json("memberId"));
        (await app.Published<MembershipActivated>(published => published.UserId == person.UserId && published.Prolonged)).ExpiresAt.ShouldBe(now.AddDays(24));
    }

    [Fact]
    public async Task Twenty_concurrent_grants_add_up()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Grant(person, days: 3)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        UsersApp.Instant(await app.Get("/api/users/me", person.Token), "membership.expires").ShouldBe(now.AddDays(60));
        (await app.Count($"select count(*) from member_ids where user_id = {person.UserId}")).ShouldBe(1);
        await app.AddsUp();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3661)]
    public async Task A_grant_of_less_than_a_day_or_more_than_ten_years_is_refused(int days) =>
        (await app.Grant(await app.GivenPerson(), days)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("line\nbreak")]
    [InlineData(null)]
    public async Task A_grant_without_a_reason_is_refused(string? reason)
    {
        var person = await app.GivenPerson();

        (await Give(person, reason)).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await app.Count($"select count(*) from membership_periods where user_id = {person.UserId}")).ShouldBe(0);
    }

    [Theory]
    [InlineData(500, HttpStatusCode.OK)]
    [InlineData(501, HttpStatusCode.BadRequest)]
    public async Task A_grant_reason_is_limited_to_500_characters(int length, HttpStatusCode status) =>
        (await Give(await app.GivenPerson(), new string('я', length))).Status.ShouldBe(status);

    [Fact]
    public async Task A_grant_to_an_unknown_person_is_refused() =>
        (await app.Post("/api/users/999999999/membership", new { days = 1, reason = "Nobody" }, await app.Admin()))
            .ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

    [Theory]
    [InlineData("update users set membership_type = 'gold'")]
    [InlineData("update users set member_id = 'MNT-12345'")]
    [InlineData("update users set member_id = 'MNT-7KQ2M9XU'")]
    [InlineData("update users set membership_type = 'premium', membership_expires = null")]
    [InlineData("update users set qr_code_path = '/cards/1.png', member_id = null, membership_type = 'free'")]
    public async Task The_database_refuses_an_invalid_membership(string sql)
    {
        await app.GivenPerson();

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => app.Execute(sql))).SqlState.ShouldBe(Npgsql.PostgresErrorCodes.CheckViolation);
    }

    private async Task<Answer> Give(Person person, string? reason) =>
        await app.Post($"/api/users/{person.UserId}/membership", new { days = 1, reason }, await app.Admin());
}

/// <summary>With admin limits switched on.</summary>
public sealed class AdminLimitsTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Admin_limits_cap_a_grant_at_30_days()
    {
        await app.Switch(new { adminLimits = true });
        var person = await app.GivenPerson();

        (await app.Grant(person, days: 31)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "grant_too_long");
        (await app.Grant(person, days: 30)).Status.ShouldBe(HttpStatusCode.OK);

        await app.Switch(new { adminLimits = false });
        (await app.Grant(person, days: 365)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
