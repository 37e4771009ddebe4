using System.Globalization;
using System.Net;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Tests.Plans;

public sealed class PlansTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_three_plans_are_listed_from_the_smallest_to_the_largest()
    {
        var plans = await BillingApp.Get(app.Client(await app.GivenPerson()), "/api/billing/plans");

        plans.Body.ShouldBe("""
            {"plans":[{"key":"free","price":0.00,"periodMonths":1,"lettersPerPeriod":3,"iterationsPerLetter":2},{"key":"basic","price":299.00,"periodMonths":1,"lettersPerPeriod":20,"iterationsPerLetter":5},{"key":"pro","price":990.00,"periodMonths":1,"lettersPerPeriod":100,"iterationsPerLetter":10}]}
            """);
    }

    [Fact]
    public async Task A_new_person_is_on_the_free_plan_for_a_month()
    {
        var openedAt = app.Clock.GetUtcNow();
        var person = await app.GivenPerson(verified: false);

        var quota = await app.GetLetterQuota(person);

        quota.Status.ShouldBe(HttpStatusCode.OK, quota.Body);
        quota.Json("plan").ShouldBe("free");
        quota.Json("lettersPerPeriod").ShouldBe(3L);
        quota.Json("used").ShouldBe(0L);
        quota.Json("left").ShouldBe(3L);
        quota.Json("iterationsPerLetter").ShouldBe(2L);
        DateTimeOffset.Parse((string)quota.Json("renewsAt")!, CultureInfo.InvariantCulture).ShouldBe(openedAt.AddMonths(1));
    }

    [Fact]
    public async Task Used_letters_count_until_the_period_is_over()
    {
        var (current, over) = (await app.GivenPerson(), await app.GivenPerson());
        await app.Database.Execute("update billing.subscriptions set letters_used = 2 where user_id = any ($1)", Ct, new[] { current.Value, over.Value });
        await app.Database.Execute(
            "update billing.subscriptions set period_start = period_start - interval '40 days', period_end = period_end - interval '40 days' where user_id = $1",
            Ct, over.Value);

        (await app.GetLetterQuota(current)).Json("left").ShouldBe(1L);
        (await app.GetLetterQuota(over)).Json("left").ShouldBe(3L);
    }

    [Fact]
    public async Task A_quota_requested_before_the_account_is_open_waits_for_it()
    {
        var newcomer = app.NewUserId();

        var asked = app.GetLetterQuota(newcomer);
        await app.Register(newcomer);

        (await asked).Json("plan").ShouldBe("free");
        (await app.GetLetterQuota(app.NewUserId())).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "account_opening");
    }

    [Fact]
    public async Task Quotas_are_only_available_to_the_letters_service()
    {
        var person = await app.GivenPerson();
        var address = $"/internal/billing/quota/{person}";

        (await app.GetLetterQuota(person, service: "courses")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        foreach (var token in new[]
        {
            app.Token(new TokenSubject(Role.Client, person)),
            app.Token(new TokenSubject(Role.Admin, StaffId: new StaffId(7))),
            app.Token(new TokenSubject(Role.Service, Actor: "letters")),
            "garbage",
        })
        {
            (await BillingApp.Get(app.First.Client(token), address)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        }

        (await BillingApp.Get(app.Anonymous, address)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
