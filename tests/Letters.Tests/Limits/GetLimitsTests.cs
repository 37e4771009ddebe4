using System.Diagnostics;
using System.Globalization;
using System.Net;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Letters.Tests.Limits;

public sealed class GetLimitsTests(LettersApp app) : IClassFixture<LettersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_show_what_the_plan_allows_and_what_is_left()
    {
        var person = await app.GivenPerson();
        await app.Database.Execute("update billing.subscriptions set letters_used = 1 where user_id = $1", Ct, person.Value);

        var limits = await app.GetLimits(person);

        limits.Status.ShouldBe(HttpStatusCode.OK, limits.Body);
        limits.Json("plan").ShouldBe("free");
        limits.Json("lettersPerPeriod").ShouldBe(3L);
        limits.Json("used").ShouldBe(1L);
        limits.Json("left").ShouldBe(2L);
        limits.Json("iterationsPerLetter").ShouldBe(2L);
        DateTimeOffset.Parse((string)limits.Json("renewsAt")!, CultureInfo.InvariantCulture)
            .ShouldBe(app.Clock.GetUtcNow().AddMonths(1), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Limits_requested_before_the_account_is_open_wait_for_it()
    {
        var newcomer = app.NewUserId();

        var asked = app.GetLimits(newcomer);
        await app.Register(newcomer);

        (await asked).Json("plan").ShouldBe("free");
    }

    [Fact]
    public async Task A_request_is_told_to_retry_if_no_account_opens_in_time()
    {
        var answer = await app.GetLimits(app.NewUserId());

        answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "account_opening");
        answer.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_caller_without_an_account_has_no_limits()
    {
        // Before this service refuses the person's tokens.
        var erased = await app.GivenPerson();
        await app.Database.Execute("select billing.erase_account($1, '2026-01-16')", Ct, erased.Value);

        (await app.GetLimits(erased)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await LettersApp.Get(app.Staff(new StaffId(7)), "/api/letters/limits")).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
    }

    [Fact]
    public async Task Limits_are_unavailable_while_billing_is_unreachable()
    {
        var person = await app.GivenPerson();
        app.ProxyToBilling.Cut();

        var away = await app.GetLimits(person);
        app.ProxyToBilling.Restore();
        var back = await app.GetLimits(person);

        away.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "billing_unavailable");
        away.RetryAfter.ShouldNotBeNull();
        back.Status.ShouldBe(HttpStatusCode.OK, back.Body);
    }

    [Fact]
    public async Task Limits_are_unavailable_after_a_time_out_if_billing_does_not_answer()
    {
        var person = await app.GivenPerson();
        (await app.GetLimits(person)).Status.ShouldBe(HttpStatusCode.OK);
        app.ProxyToBilling.Hang();
        var asked = Stopwatch.GetTimestamp();

        var hanging = await app.GetLimits(person);
        var waited = Stopwatch.GetElapsedTime(asked);
        app.ProxyToBilling.Restore();

        hanging.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "billing_unavailable");
        waited.ShouldBeInRange(LettersApp.BillingTimeout / 2, LettersApp.BillingTimeout * 3);
    }

    [Fact]
    public async Task Unregistered_callers_are_refused()
    {
        (await LettersApp.Get(app.Anonymous, "/api/letters/limits")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await LettersApp.Get(app.Guest(new TelegramId(4711)), "/api/letters/limits")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Blocked_and_erased_people_are_refused()
    {
        var (blocked, erased) = (await app.GivenPerson(), await app.GivenPerson());
        await app.Block(blocked);
        await app.Erase(erased);

        var toBlocked = await Eventually.Get(() => app.GetLimits(blocked), answer => answer.Status == HttpStatusCode.Forbidden, Ct);
        var toErased = await Eventually.Get(() => app.GetLimits(erased), answer => answer.Status == HttpStatusCode.Unauthorized, Ct);

        toBlocked.ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        toErased.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_export_is_empty()
    {
        var export = await LettersApp.Get(app.Client(await app.GivenPerson()), "/api/letters/export");

        export.Status.ShouldBe(HttpStatusCode.OK);
        export.Body.ShouldBe("{}");
    }
}
