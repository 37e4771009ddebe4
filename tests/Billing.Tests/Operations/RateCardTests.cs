using System.Net;

namespace Platform.Billing.Tests.Operations;

/// <summary>Needs its own service, since there is only one rate card.</summary>
public sealed class RateCardTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replaced_rate_card_applies_to_the_next_deduction()
    {
        var person = await app.GivenPerson();

        var replaced = await app.ReplaceOperations(
            app.GivenAdmin(), new { name = "Анализ ЭКГ", price = 5.50m }, new { name = "Консультация", pricePer1000Tokens = 0.80m });
        var card = await BillingApp.Get(app.Client(person), "/api/billing/operations");
        var deducted = await app.Deduct(person, new { amount = 5.50m, operation = "Анализ ЭКГ" });
        var gone = await app.Deduct(person, new { amount = 1, operation = BillingApp.Check });

        replaced.Status.ShouldBe(HttpStatusCode.OK, replaced.Body);
        card.Body.ShouldBe(
            """{"operations":[{"name":"Анализ ЭКГ","price":5.50,"pricePer1000Tokens":null},{"name":"Консультация","price":null,"pricePer1000Tokens":0.80}]}""");
        deducted.Json("balanceAfter").ShouldBe(44.50m);
        gone.ShouldBeProblem(HttpStatusCode.Forbidden, "operation_not_priced");
    }

    [Fact]
    public async Task Replacing_the_rate_card_is_audited_with_the_old_and_new_card()
    {
        var admin = app.GivenAdmin();
        await app.ReplaceOperations(admin, new { name = "Прежняя", price = 1.00m });
        await app.ReplaceOperations(admin, new { name = "Новая", price = 2.00m });

        var audited = await app.Database.Scalar<string>(
            """
            select concat_ws(' ', action, details #>> '{before,0,name}', details #>> '{after,0,name}')
            from billing.audit where subject = $1 order by id desc limit 1
            """, Ct, $"staff:{admin}");

        audited.ShouldBe("operations.replace Прежняя Новая");
    }

    [Fact]
    public async Task Concurrent_replacements_leave_one_complete_rate_card()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n =>
            app.ReplaceOperations(app.GivenAdmin(), new { name = "Первая", price = 1.00m + n }, new { name = "Вторая", price = 1.00m + n })));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        (await app.Database.Column<decimal>("select distinct price from billing.operations", Ct)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_line_without_exactly_one_price_or_a_unique_name_is_refused()
    {
        var admin = app.GivenAdmin();

        foreach (var wrong in new object[]
        {
            null!,
            new { name = "Без цены" },
            new { name = "Две цены", price = 1, pricePer1000Tokens = 1 },
            new { name = "Даром", price = 0 },
            new { name = "", price = 1 },
            new { name = new string('ж', 501), price = 1 },
        })
        {
            (await app.ReplaceOperations(admin, wrong)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        }

        (await app.ReplaceOperations(admin, new { name = "Дважды", price = 1 }, new { name = "Дважды", price = 2 }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }
}
