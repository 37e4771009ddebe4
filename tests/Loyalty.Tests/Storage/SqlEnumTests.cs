using System.Text.Json;
using Platform.Loyalty.Codes;
using Platform.Loyalty.Orders;

namespace Platform.Loyalty.Tests.Storage;

public sealed class SqlEnumTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task Outcomes_are_the_same_in_SQL_and_in_the_code()
    {
        await Matches<CounterOutcome>("counter_outcome");
        await Matches<RefundOutcome>("refund_outcome");
        await Matches<CodeOutcome>("code_outcome");
    }

    private async Task Matches<TEnum>(string type) where TEnum : struct, Enum =>
        (await app.Database.Column<string>(
            "select enumlabel::text from pg_enum where enumtypid = to_regtype($1) order by enumsortorder",
            TestContext.Current.CancellationToken, $"loyalty.{type}"))
        .ShouldBe(Enum.GetNames<TEnum>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}
