using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Billing.Tests.Credits;

public sealed class ListTransactionsTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Transactions_are_listed_newest_first()
    {
        var person = await app.GivenPerson();
        await app.DeductByBot(await app.GivenPerson(), 7);
        await app.DeductByBot(person, 5.50m, metadata: new { model = "claude" });

        var items = Items(await app.ListTransactions(person));

        items.Select(item => (string)item["kind"]!).ShouldBe(["debit", "grant"]);
        items.Select(item => (decimal)item["amount"]!).ShouldBe([5.50m, 50.00m]);
        items.Select(item => (decimal)item["balanceAfter"]!).ShouldBe([44.50m, 50.00m]);
        items.Select(item => (string)item["operation"]!).ShouldBe(["Что-то от бота", "start_credits"]);
        ((string)items[0]["metadata"]!["model"]!).ShouldBe("claude");
        items[1]["metadata"].ShouldBeNull();
        items[0].AsObject().Select(field => field.Key).ShouldBe(["id", "kind", "amount", "operation", "metadata", "balanceAfter", "createdAt"]);
    }

    [Fact]
    public async Task Pages_contain_each_transaction_once_even_while_new_ones_are_added()
    {
        var person = await app.GivenPerson();
        for (var amount = 1; amount <= 7; amount++)
        {
            await app.DeductByBot(person, amount);
        }

        var seen = new List<decimal>();
        var query = "?limit=3";
        while (true)
        {
            var page = await app.ListTransactions(person, query);
            seen.AddRange(Items(page).Select(item => (decimal)item["amount"]!));
            await app.DeductByBot(person, 0.01m);
            if (page.Json("next") is not { } next)
            {
                break;
            }

            query = $"?limit=3&after={next}";
        }

        seen.ShouldBe([7, 6, 5, 4, 3, 2, 1, 50]);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?after=-1")]
    [InlineData("?after=x")]
    public async Task An_invalid_page_query_is_400(string query)
    {
        (await app.ListTransactions(await app.GivenPerson(), query)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_caller_without_an_account_has_no_transactions()
    {
        Items(await app.ListTransactions(app.NewUserId())).ShouldBeEmpty();
        Items(await BillingApp.Get(app.Staff(new StaffId(7)), "/api/billing/transactions")).ShouldBeEmpty();
    }

    private static List<JsonNode> Items(Platform.Testing.Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return [.. JsonNode.Parse(answer.Body)!["items"]!.AsArray().Select(item => item!)];
    }
}
