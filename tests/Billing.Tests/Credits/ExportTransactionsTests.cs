using System.Net;
using Platform.Contracts;

namespace Platform.Billing.Tests.Credits;

public sealed class ExportTransactionsTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task The_ledger_is_exported_as_CSV_with_formulas_neutralised()
    {
        var person = await app.GivenPerson();
        await app.DeductByBot(await app.GivenPerson(), 7);
        await app.DeductByBot(person, 5.50m, operation: "x; =HYPERLINK(\"http://evil.example\")");

        var file = await Download(person);

        var lines = file.TrimEnd().Split("\r\n");
        lines[0].ShouldBe("\"id\",\"createdAt\",\"kind\",\"operation\",\"change\",\"balanceAfter\"");
        lines[1].ShouldEndWith(",\"debit\",\"x;' =HYPERLINK(\"\"http://evil.example\"\")\",\"-5.50\",\"44.50\"");
        lines[2].ShouldEndWith(",\"grant\",\"start_credits\",\"50.00\",\"50.00\"");
        lines.Length.ShouldBe(3);
    }

    private async Task<string> Download(UserId person)
    {
        var ct = TestContext.Current.CancellationToken;
        using var response = await app.Client(person).GetAsync("/api/billing/transactions.csv", ct);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/csv");
        return await response.Content.ReadAsStringAsync(ct);
    }
}
