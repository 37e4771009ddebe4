using System.Net;
using Platform.Contracts;

namespace Platform.Billing.Tests.Accounts;

public sealed class BalanceTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_who_registers_with_a_new_verified_phone_starts_with_50_credits()
    {
        var balance = await app.GetBalance(await app.GivenPerson());

        balance.Status.ShouldBe(HttpStatusCode.OK);
        balance.Body.ShouldBe("""{"success":true,"balance":50.00,"totalSpent":0.00}""");
    }

    [Fact]
    public async Task An_unverified_person_gets_start_credits_once_when_their_phone_is_verified()
    {
        var person = await app.GivenPerson(verified: false);
        var before = await app.GetBalance(person);

        await app.Update(person, verified: false, version: 2);
        await app.Update(person, verified: true, version: 3);
        await app.Update(person, verified: true, version: 3);
        await app.Update(person, verified: true, version: 4);
        await app.Register(person, verified: true, version: 4);
        await app.AllIsHandled();

        before.Json("balance").ShouldBe(0.00m);
        (await app.BalanceOf(person)).ShouldBe(50.00m);
    }

    [Fact]
    public async Task A_second_person_with_the_same_phone_gets_no_start_credits()
    {
        (await app.GetBalance(await app.GivenPerson(phoneSeenBefore: true))).Json("balance").ShouldBe(0.00m);
    }

    [Fact]
    public async Task Verifying_a_phone_that_another_person_had_before_grants_no_start_credits()
    {
        var person = await app.GivenPerson(verified: false);

        await app.Update(person, phoneSeenBefore: true);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(0.00m);
    }

    [Fact]
    public async Task An_update_that_arrives_before_the_registration_opens_the_account_and_grants_credits_once()
    {
        var person = app.NewUserId();

        await app.Update(person, version: 2);
        await app.Register(person, verified: false, version: 1);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(50.00m);
    }

    [Fact]
    public async Task An_update_about_an_erased_person_grants_nothing()
    {
        var person = app.NewUserId();

        await app.Erase(person);
        await app.AllIsHandled();
        await app.Update(person, version: 10);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(0.00m);
    }

    [Fact]
    public async Task A_repeated_registration_event_grants_nothing()
    {
        var person = await app.GivenPerson();
        await app.DeductByBot(person, 10);

        await app.Register(person);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(40.00m);
    }

    [Fact]
    public async Task Raised_start_credits_do_not_apply_to_existing_accounts()
    {
        var person = app.NewUserId();

        await app.Database.Execute(
            $"""
            set search_path = billing;
            select open_account({person}, 50, '2026-01-15');
            select open_account({person}, 60, '2026-01-16');
            """, Ct);

        (await app.BalanceOf(person)).ShouldBe(50.00m);
        await app.ShouldAddUp();
    }

    [Fact]
    public async Task Concurrent_registration_events_grant_start_credits_once()
    {
        var person = app.NewUserId();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Register(person)));
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(50.00m);
        (await app.Database.Scalar<long>("select count(*) from billing.credit_transactions where user_id = $1", Ct, person.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task Reading_a_balance_takes_one_round_trip_to_the_database()
    {
        var person = await app.GivenPerson();

        var statements = await SentStatements.During(async () => (await app.GetBalance(person)).Status.ShouldBe(HttpStatusCode.OK));

        statements.ShouldHaveSingleItem().ShouldContain("user_balances");
    }

    [Fact]
    public async Task A_balance_requested_before_the_account_is_open_waits_for_it()
    {
        var newcomer = app.NewUserId();

        var asked = app.GetBalance(newcomer);
        await app.Register(newcomer);

        (await asked).Json("balance").ShouldBe(50.00m);
    }

    [Fact]
    public async Task A_request_is_told_to_retry_if_no_account_opens_within_two_seconds()
    {
        var answer = await app.GetBalance(app.NewUserId());

        answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "account_opening");
        answer.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Staff_who_are_not_guests_have_no_balance()
    {
        (await BillingApp.Get(app.Staff(new StaffId(7)), "/api/billing/balance")).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
    }

    [Fact]
    public async Task A_test_accounts_start_credits_are_topped_up_to_100_once()
    {
        var person = await app.GivenPerson();
        var admin = app.GivenAdmin();

        var marked = await app.MarkTestAccount(admin, person, isTestAccount: true);
        await app.MarkTestAccount(admin, person, isTestAccount: false);
        var markedAgain = await app.MarkTestAccount(admin, person, isTestAccount: true);

        marked.Json("balance").ShouldBe(100.00m);
        markedAgain.Json("isTestAccount").ShouldBe(true);
        markedAgain.Json("balance").ShouldBe(100.00m);
        (await app.Database.Scalar<long>("select count(*) from billing.audit where action = 'account.mark' and target = $1", Ct, $"user:{person}")).ShouldBe(3);
    }

    [Fact]
    public async Task A_test_account_whose_phone_is_verified_later_still_has_100_credits()
    {
        var person = await app.GivenPerson(verified: false);
        await app.MarkTestAccount(app.GivenAdmin(), person, isTestAccount: true);

        await app.Update(person, version: 2);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(100.00m);
    }

    [Fact]
    public async Task Marking_is_audited_only_if_it_changes_an_account_that_exists()
    {
        var person = await app.GivenPerson();

        var unchanged = await app.MarkTestAccount(app.GivenAdmin(), person, isTestAccount: false);
        var unknown = await app.MarkTestAccount(app.GivenAdmin(), app.NewUserId(), isTestAccount: true);

        unchanged.Json("balance").ShouldBe(50.00m);
        unknown.ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.Database.Scalar<long>("select count(*) from billing.audit where target = $1", Ct, $"user:{person}")).ShouldBe(0);
    }
}
