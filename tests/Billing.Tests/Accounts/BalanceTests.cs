using System.Net;
using Platform.Contracts;

namespace Platform.Billing.Tests.Accounts;

public sealed class BalanceTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_registers_with_a_phone_of_his_own_starts_with_50_credits()
    {
        var balance = await app.GetBalance(await app.GivenPerson());

        balance.Status.ShouldBe(HttpStatusCode.OK);
        balance.Body.ShouldBe("""{"success":true,"balance":50.00,"totalSpent":0.00}""");
    }

    [Fact]
    public async Task Whoever_is_not_verified_starts_with_nothing_and_gets_his_credits_when_he_is_and_once()
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
    public async Task Whoever_is_verified_with_a_phone_that_another_had_before_gets_no_start_credits_then_either()
    {
        var person = await app.GivenPerson(verified: false);

        await app.Update(person, phoneSeenBefore: true);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(0.00m);
    }

    [Fact]
    public async Task News_of_a_person_before_his_registration_opens_his_account_and_the_credits_come_once()
    {
        var person = app.NewUserId();

        await app.Update(person, version: 2);
        await app.Register(person, verified: false, version: 1);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(50.00m);
    }

    [Fact]
    public async Task News_of_a_person_who_was_erased_opens_nothing()
    {
        var person = app.NewUserId();

        await app.Erase(person);
        await app.AllIsHandled();
        await app.Update(person, version: 10);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(0.00m);
    }

    [Fact]
    public async Task A_registration_told_again_later_gives_nothing_a_second_time()
    {
        var person = await app.GivenPerson();
        await app.DeductByBot(person, 10);

        await app.Register(person);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(40.00m);
    }

    [Fact]
    public async Task Start_credits_that_are_raised_are_for_those_who_come_later()
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
    public async Task Told_of_by_many_events_at_once_a_registration_gives_its_credits_once()
    {
        var person = app.NewUserId();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Register(person)));
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(50.00m);
        (await app.Database.Scalar<long>("select count(*) from billing.credit_transactions where user_id = $1", Ct, person.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task A_balance_is_one_round_trip_to_the_database()
    {
        var person = await app.GivenPerson();

        var statements = await SentStatements.During(async () => (await app.GetBalance(person)).Status.ShouldBe(HttpStatusCode.OK));

        statements.ShouldHaveSingleItem().ShouldContain("user_balances");
    }

    [Fact]
    public async Task A_balance_asked_for_before_the_account_is_open_waits_for_it()
    {
        var newcomer = app.NewUserId();

        var asked = app.GetBalance(newcomer);
        await app.Register(newcomer);

        (await asked).Json("balance").ShouldBe(50.00m);
    }

    [Fact]
    public async Task Where_no_account_opens_in_two_seconds_the_answer_is_to_try_again()
    {
        var answer = await app.GetBalance(app.NewUserId());

        answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "account_opening");
        answer.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Staff_who_are_no_guests_have_no_balance()
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
    public async Task A_test_account_that_is_verified_later_has_100_all_the_same()
    {
        var person = await app.GivenPerson(verified: false);
        await app.MarkTestAccount(app.GivenAdmin(), person, isTestAccount: true);

        await app.Update(person, version: 2);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(100.00m);
    }

    [Fact]
    public async Task Only_what_changes_an_account_is_audited_and_there_must_be_one()
    {
        var person = await app.GivenPerson();

        var unchanged = await app.MarkTestAccount(app.GivenAdmin(), person, isTestAccount: false);
        var nobody = await app.MarkTestAccount(app.GivenAdmin(), app.NewUserId(), isTestAccount: true);

        unchanged.Json("balance").ShouldBe(50.00m);
        nobody.ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.Database.Scalar<long>("select count(*) from billing.audit where target = $1", Ct, $"user:{person}")).ShouldBe(0);
    }
}
