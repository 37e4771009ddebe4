using System.Globalization;
using System.Net;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.Billing.Tests.Credits;

public sealed class DeductCreditsTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deducting_5_50_from_100_credits_leaves_exactly_94_50()
    {
        var person = await app.GivenTestAccount();

        var before = await app.GetBalance(person);
        var deducted = await app.DeductRaw(person, """
            {"amount": 5.5, "operation": "Тест анализа ЭКГ", "metadata": {"model": "anthropic/claude-opus-4.6", "tokens": {"input": 1000, "output": 500}}}
            """);

        before.Json("success").ShouldBe(true);
        before.Json("balance").ShouldBe(100.00m);
        before.Json("totalSpent").ShouldBe(0.00m);
        deducted.Status.ShouldBe(HttpStatusCode.OK, deducted.Body);
        deducted.Body.ShouldBe("""{"success":true,"deducted":5.50,"balanceBefore":100.00,"balanceAfter":94.50,"operation":"Тест анализа ЭКГ"}""");
        (await app.GetBalance(person)).Body.ShouldBe("""{"success":true,"balance":94.50,"totalSpent":5.50}""");
    }

    [Fact]
    public async Task An_operation_on_the_rate_card_costs_what_the_card_says()
    {
        var person = await app.GivenPerson();

        var deducted = await app.Deduct(person, new { amount = 1, operation = BillingApp.Check });
        var dearer = await app.Deduct(person, new { amount = 1.01, operation = BillingApp.Check });
        var cheaper = await app.Deduct(await app.GivenTestAccount(), new { amount = 0.99, operation = BillingApp.Check });

        deducted.Json("balanceAfter").ShouldBe(49.00m);
        dearer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "price_mismatch");
        dearer.Json("price").ShouldBe(1.00m);
        cheaper.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "price_mismatch");
        (await app.BalanceOf(person)).ShouldBe(49.00m);
    }

    [Fact]
    public async Task An_operation_not_on_the_card_can_be_priced_by_bots_and_admins_only()
    {
        var person = await app.GivenPerson();

        var refused = await app.Deduct(person, new { amount = 0.01, operation = "Анализ ЭКГ за копейку" });
        var byBot = await app.DeductByBot(person, 5.50m);
        var byAdmin = await BillingApp.Post(
            app.Client(new TokenSubject(Role.Admin, person, StaffId: new StaffId(7))), JsonContent.Create(new { amount = 2, operation = "По уговору" }));

        refused.ShouldBeProblem(HttpStatusCode.Forbidden, "operation_not_priced");
        byBot.Json("balanceAfter").ShouldBe(44.50m);
        byAdmin.Json("balanceAfter").ShouldBe(42.50m);
    }

    [Theory]
    [InlineData(1000, 500, "1.20")]
    [InlineData(1, 0, "0.01")]
    [InlineData(12, 1, "0.02")]
    [InlineData(12, 0, "0.01")]
    public async Task An_operation_charged_by_tokens_is_priced_by_their_number_and_rounded_up(int input, int output, string price)
    {
        var person = await app.GivenPerson();
        var amount = decimal.Parse(price, CultureInfo.InvariantCulture);
        var deduction = new { amount, operation = BillingApp.Conversation, metadata = new { tokens = new { input, output } } };

        var byPerson = await app.Deduct(person, deduction);
        var byBot = await BillingApp.Post(app.Bot(person), JsonContent.Create(deduction));
        var tooMuch = await BillingApp.Post(app.Bot(person), JsonContent.Create(deduction with { amount = amount + 0.01m }));

        byPerson.ShouldBeProblem(HttpStatusCode.Forbidden, "operation_not_priced");
        byBot.Json("deducted").ShouldBe(amount);
        tooMuch.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "price_mismatch");
        tooMuch.Json("price").ShouldBe(amount);
    }

    [Theory]
    [InlineData("""{"amount":0.80,"operation":"Беседа"}""")]
    [InlineData("""{"amount":0.80,"operation":"Беседа","metadata":{"tokens":1000}}""")]
    [InlineData("""{"amount":0.80,"operation":"Беседа","metadata":{"tokens":{"input":1000}}}""")]
    [InlineData("""{"amount":0.80,"operation":"Беседа","metadata":{"tokens":{"input":-1000,"output":2000}}}""")]
    [InlineData("""{"amount":0.80,"operation":"Беседа","metadata":{"tokens":{"input":999.5,"output":0.5}}}""")]
    public async Task An_operation_charged_by_tokens_requires_their_number(string body)
    {
        (await app.DeductRaw(await app.GivenTestAccount(), body)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "tokens_required");
    }

    [Fact]
    public async Task A_balance_can_be_overdrawn_to_exactly_minus_5()
    {
        var person = await app.GivenPerson();

        var tooMuch = await app.DeductByBot(person, 55.01m);
        var allOfIt = await app.DeductByBot(person, 55.00m);
        var nothingLeft = await app.DeductByBot(person, 0.01m);

        tooMuch.ShouldBeProblem(HttpStatusCode.PaymentRequired, "insufficient_credits");
        tooMuch.Json("balance").ShouldBe(50.00m);
        tooMuch.Json("shortfall").ShouldBe(0.01m);
        allOfIt.Json("balanceAfter").ShouldBe(-5.00m);
        nothingLeft.ShouldBeProblem(HttpStatusCode.PaymentRequired, "insufficient_credits");
        nothingLeft.Json("balance").ShouldBe(-5.00m);
        (await app.DebitsOf(person)).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_deductions_succeed_until_the_credits_run_out()
    {
        var person = await app.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.Deduct(person, new { amount = 1, operation = BillingApp.Check })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(55);
        answers.Count(answer => answer.Status == HttpStatusCode.PaymentRequired).ShouldBe(45);
        // Each saw a different balance, so none was read twice.
        answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Json("balanceBefore")).Distinct().Count().ShouldBe(55);
        (await app.BalanceOf(person)).ShouldBe(-5.00m);
        (await app.DebitsOf(person)).ShouldBe(55);
    }

    [Fact]
    public async Task Fifty_concurrent_deductions_through_two_replicas_all_count()
    {
        var person = await app.GivenPerson();
        await using var second = await app.Start();
        var token = app.Token(new TokenSubject(Role.Client, person));
        HttpClient[] replicas = [app.First.Client(token), second.Client(token)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(n =>
            BillingApp.Post(replicas[n % 2], JsonContent.Create(new { amount = 1, operation = BillingApp.Check }))));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        (await app.BalanceOf(person)).ShouldBe(0.00m);
    }

    [Fact]
    public async Task A_repeated_key_with_the_same_body_returns_the_recorded_answer()
    {
        var person = await app.GivenPerson();
        var first = await app.DeductRaw(person, """{"amount":1,"operation":"Проверка","metadata":{"a":1}}""", key: "tap-1");
        await app.DeductByBot(person, 10);

        // The same JSON, formatted differently.
        var again = await app.DeductRaw(person, """{ "operation": "Проверка", "metadata": { "a": 1 }, "amount": 1.00 }""", key: "tap-1");

        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Body.ShouldBe(first.Body);
        (await app.BalanceOf(person)).ShouldBe(39.00m);
    }

    [Fact]
    public async Task Fifty_concurrent_deductions_with_one_key_are_one_deduction_and_one_answer()
    {
        var person = await app.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => app.Deduct(person, new { amount = 1, operation = BillingApp.Check }, key: "tap-2")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
        (await app.DebitsOf(person)).ShouldBe(1);
    }

    [Fact]
    public async Task A_repeated_key_returns_its_deduction_even_when_the_credits_have_run_out()
    {
        var person = await app.GivenPerson();
        var first = await app.DeductByBot(person, 55.00m, key: "tap-3");

        var again = await app.DeductByBot(person, 55.00m, key: "tap-3");

        again.Status.ShouldBe(HttpStatusCode.OK, again.Body);
        again.Body.ShouldBe(first.Body);
    }

    [Theory]
    [InlineData("""{"amount":2,"operation":"Что-то от бота"}""")]
    [InlineData("""{"amount":1,"operation":"Что-то другое"}""")]
    [InlineData("""{"amount":1,"operation":"Что-то от бота","metadata":{"a":1}}""")]
    [InlineData("""{"amount":1000,"operation":"Что-то от бота"}""")]
    public async Task A_repeated_key_with_another_body_is_refused(string other)
    {
        var person = await app.GivenPerson();
        await app.DeductByBot(person, 1, key: "tap-4");

        var refused = await BillingApp.Post(app.Bot(person), new StringContent(other, null, "application/json"), key: "tap-4");

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.BalanceOf(person)).ShouldBe(49.00m);
    }

    [Theory]
    [InlineData("""{"metadata":{"b":2,"a":1},"operation":"Что-то от бота","amount":5.5}""")]
    [InlineData("""{"amount":5.50,"operation":"Что-то от бота","metadata":{"a":1.0,"b":2}}""")]
    [InlineData("""{"amount":55e-1,"operation":"Что-то от бота","metadata":{"a":1,"b":2.00}}""")]
    public async Task A_repeated_key_matches_whatever_the_order_of_fields_and_spelling_of_numbers(string again)
    {
        var person = await app.GivenPerson();
        Task<Answer> Deduct(string body) => BillingApp.Post(app.Bot(person), new StringContent(body, null, "application/json"), key: "tap-order");
        var first = await Deduct("""{"amount":5.5,"operation":"Что-то от бота","metadata":{"a":1,"b":2}}""");

        var repeated = await Deduct(again);

        repeated.Status.ShouldBe(HttpStatusCode.OK, repeated.Body);
        repeated.Body.ShouldBe(first.Body);
        (await app.BalanceOf(person)).ShouldBe(44.50m);
    }

    [Theory]
    [InlineData("14.28444999")]
    [InlineData("14.281")]
    [InlineData("1e-3")]
    public async Task An_amount_with_a_fraction_of_a_kopeck_is_refused(string amount)
    {
        var person = await app.GivenPerson();

        var refused = await BillingApp.Post(
            app.Bot(person), new StringContent($$"""{"amount":{{amount}},"operation":"Что-то от бота"}""", null, "application/json"), key: "tap-fraction");

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "body_invalid");
        refused.Body.ShouldContain("two decimal places");
        (await app.BalanceOf(person)).ShouldBe(50.00m);
    }

    [Fact]
    public async Task A_refused_deduction_is_evaluated_again_with_the_same_key()
    {
        var person = await app.GivenPerson();
        var refused = await app.DeductByBot(person, 60, key: "tap-5");
        await app.MarkTestAccount(app.GivenAdmin(), person, isTestAccount: true);

        var accepted = await app.DeductByBot(person, 60, key: "tap-5");

        refused.ShouldBeProblem(HttpStatusCode.PaymentRequired, "insufficient_credits");
        accepted.Json("balanceAfter").ShouldBe(40.00m);
    }

    [Fact]
    public async Task Two_people_may_use_the_same_key()
    {
        (await app.DeductByBot(await app.GivenPerson(), 1, key: "1")).Json("balanceAfter").ShouldBe(49.00m);
        (await app.DeductByBot(await app.GivenPerson(), 2, key: "1")).Json("balanceAfter").ShouldBe(48.00m);
    }

    [Fact]
    public async Task A_deduction_requested_before_the_account_is_open_waits_for_it()
    {
        var newcomer = app.NewUserId();

        var asked = app.DeductByBot(newcomer, 1);
        await app.Register(newcomer);

        (await asked).Json("balanceAfter").ShouldBe(49.00m);
        (await app.DeductByBot(app.NewUserId(), 1)).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "account_opening");
    }

    [Fact]
    public async Task A_deduction_takes_one_round_trip_to_the_database()
    {
        var person = await app.GivenPerson();

        var statements = await SentStatements.During(async () =>
            (await app.Deduct(person, new { amount = 1, operation = BillingApp.Check }, key: "tap-6")).Status.ShouldBe(HttpStatusCode.OK));

        statements.ShouldHaveSingleItem().ShouldContain("deduct_credits");
    }

    [Theory]
    [InlineData("""{"amount":0,"operation":"Проверка"}""", "amount")]
    [InlineData("""{"amount":-1,"operation":"Проверка"}""", "amount")]
    [InlineData("""{"amount":10000.01,"operation":"Проверка"}""", "amount")]
    [InlineData("""{"amount":1,"operation":""}""", "operation")]
    [InlineData("""{"amount":1,"operation":"  "}""", "operation")]
    [InlineData("""{"amount":1,"operation":"Проверка","metadata":[1]}""", "metadata")]
    [InlineData("""{"amount":1,"operation":"Проверка","metadata":"text"}""", "metadata")]
    [InlineData("""{"amount":1,"operation":"Проверка","metadata":{"a":"\u0000"}}""", "metadata")]
    [InlineData("""{"amount":1,"operation":"Проверка","metadata":{"a\u0000":1}}""", "metadata")]
    [InlineData("""{"amount":1,"operation":"Проверка","metadata":{"a":["\ud800"]}}""", "metadata")]
    [InlineData("""{"amount":1,"operation":"Проверка","metadata":{"a":1e200000}}""", "metadata")]
    [InlineData("""{"amount":1,"operation":"Проверка","metadata":{"a":1e-16000}}""", "metadata")]
    public async Task Input_outside_its_limits_is_refused_and_the_field_is_named(string body, string field)
    {
        var refused = await app.DeductRaw(await app.GivenPerson(), body);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Body.ShouldContain($"\"{field}\"");
    }

    [Fact]
    public async Task Operation_and_metadata_are_stored_up_to_their_maximum_length()
    {
        var person = await app.GivenTestAccount();
        var longest = new { amount = 1, operation = new string('ж', 500), metadata = new { note = new string('x', 8192 - """{"note":""}""".Length), } };

        (await app.Deduct(person, longest)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Deduct(person, longest with { operation = longest.operation + "ж" })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Deduct(person, longest with { metadata = new { note = longest.metadata.note + "x" } }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.DeductRaw(person, """{"amount":1,"operation":"Проверка","metadata":null}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.DeductRaw(person, """{"amount":1,"operation":"Проверка","metadata":{"a":1e21,"b":1.5E-7,"c":0.10,"d":[null,true,{}]}}"""))
            .Status.ShouldBe(HttpStatusCode.OK);
        (await app.Database.Scalar<int>(
            "select max(length(metadata ->> 'note')) from billing.credit_transactions where user_id = $1", Ct, person.Value))
                .ShouldBe(longest.metadata.note.Length);
    }

    [Theory]
    [InlineData("""{"amount":1,"operation":"Проверка","userId":5}""")]
    [InlineData("""{"amount":"1","operation":"Проверка"}""")]
    [InlineData("""{"amount":1.005,"operation":"Проверка"}""")]
    [InlineData("""{"amount":1}""")]
    [InlineData("""{"operation":"Проверка"}""")]
    [InlineData("""{"amount":1,"operation":null}""")]
    [InlineData("""{"amount":1,"operation":"Пров\u0000ерка"}""")]
    [InlineData("""{"amount":1,"operation":"Пров\ud800ерка"}""")]
    [InlineData("""[]""")]
    [InlineData("""{"amount":""")]
    public async Task A_malformed_deduction_is_400(string body)
    {
        (await app.DeductRaw(await app.GivenPerson(), body)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData(256)]
    public async Task An_invalid_idempotency_key_is_refused(object key)
    {
        var tooLongOrOdd = key is int length ? new string('k', length) : (string)key;

        var refused = await app.Deduct(await app.GivenPerson(), new { amount = 1, operation = BillingApp.Check }, tooLongOrOdd);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
    }

    [Fact]
    public async Task Staff_without_a_balance_cannot_deduct()
    {
        var byStaff = await BillingApp.Post(app.Staff(new StaffId(7)), JsonContent.Create(new { amount = 1, operation = BillingApp.Check }));

        byStaff.ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
    }
}
