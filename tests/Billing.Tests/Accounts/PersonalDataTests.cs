using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Billing.Tests.Accounts;

/// <summary>A person's export, and what remains after an erasure.</summary>
public sealed class PersonalDataTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_export_contains_the_account_the_subscription_and_the_whole_ledger()
    {
        var person = await app.GivenPerson();
        await app.DeductByBot(person, 5.50m, metadata: new { model = "claude" });
        await app.DeductByBot(await app.GivenPerson(), 7);
        for (var i = 0; i < 150; i++)
        {
            await app.DeductByBot(person, 0.01m);
        }

        var export = JsonNode.Parse((await Export(person)).Body)!;

        ((decimal)export["account"]!["balance"]!).ShouldBe(43.00m);
        ((decimal)export["account"]!["totalSpent"]!).ShouldBe(7.00m);
        ((string)export["subscription"]!["plan"]!).ShouldBe("free");
        var transactions = export["transactions"]!.AsArray();
        transactions.Count.ShouldBe(152);
        transactions.Sum(row => (decimal)row!["amount"]! * ((string)row["kind"]! == "debit" ? -1 : 1)).ShouldBe(43.00m);
        ((string)transactions[150]!["metadata"]!["model"]!).ShouldBe("claude");
    }

    [Fact]
    public async Task The_export_is_empty_before_the_registration_event_arrives()
    {
        var export = await Export(app.NewUserId());

        export.Body.ShouldBe("""{"account":null,"subscription":null,"transactions":[]}""");
    }

    [Fact]
    public async Task The_export_is_empty_for_staff_who_are_not_guests()
    {
        var export = await BillingApp.Get(app.Staff(new StaffId(7)), "/api/billing/export");

        export.Body.ShouldBe("""{"account":null,"subscription":null,"transactions":[]}""");
    }

    [Fact]
    public async Task Erasure_keeps_the_amounts_and_deletes_everything_that_names_the_person()
    {
        var person = await app.GivenPerson();
        await app.Deduct(person, new { amount = 1, operation = BillingApp.Check }, key: "client:7000000042:1");
        await app.DeductByBot(person, 12.50m, key: "client:7000000042:2", metadata: new { patient = "Анна Петрова" });

        await app.Erase(person);
        await Erased(person);

        var rows = await app.Database.Column<string>(
            """
            select concat_ws(' ', kind, change, operation, metadata, idempotency_key, request_hash, balance_after)
            from billing.credit_transactions where user_id = $1 order by id
            """, Ct, person.Value);
        rows.ShouldBe(["grant 50.00 start_credits 50.00", $"debit -1.00 {BillingApp.Check} 49.00", "debit -12.50 erased 36.50"]);
        await app.ShouldAddUp();
    }

    [Fact]
    public async Task An_erased_account_is_not_found()
    {
        var person = await app.GivenPerson();
        // Before this service refuses the person's tokens.
        await app.Database.Execute("select billing.erase_account($1, '2026-01-16')", Ct, person.Value);

        (await app.GetBalance(person)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.DeductByBot(person, 1)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.MarkTestAccount(app.GivenAdmin(), person, isTestAccount: true)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.GetLetterQuota(person)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.BalanceOf(person)).ShouldBe(50.00m);
    }

    [Fact]
    public async Task A_token_of_an_erased_person_is_refused()
    {
        var person = await app.GivenPerson();
        await app.Erase(person);

        var refused = await Eventually.Get(() => app.GetBalance(person), answer => answer.Status == HttpStatusCode.Unauthorized, Ct);

        refused.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.DeductByBot(person, 1)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Late_events_about_an_erased_person_restore_nothing(bool knownBefore)
    {
        var person = knownBefore ? await app.GivenPerson(verified: false) : app.NewUserId();
        await app.Erase(person);
        await Erased(person);

        await app.Register(person, version: 2);
        await app.Erase(person);
        await app.AllIsHandled();

        (await app.BalanceOf(person)).ShouldBe(0.00m);
        (await app.Database.Scalar<long>("select count(*) from billing.subscriptions where user_id = $1", Ct, person.Value)).ShouldBe(0);
        (await app.GetLetterQuota(person)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
    }

    private Task<Answer> Export(UserId person) => BillingApp.Get(app.Client(person), "/api/billing/export");

    private Task Erased(UserId person) => Eventually.IsTrue(
        () => app.Database.Scalar<bool>("select exists (select from billing.user_balances where user_id = $1 and erased_at is not null)", Ct,
            person.Value), Ct);
}
