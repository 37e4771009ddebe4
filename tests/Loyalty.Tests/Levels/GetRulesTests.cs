using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Levels;

public sealed class GetRulesTests(SharedLoyaltyApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rules_contain_the_numbers_that_orders_are_calculated_with()
    {
        using var response = await app.Guest(new TelegramId(77)).GetAsync("/api/loyalty/rules", Ct);
        var answer = await Answer.Of(response, Ct);

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        var rules = JsonNode.Parse(answer.Body)!;
        ((decimal)rules["roublesPerPoint"]!, (decimal)rules["pointWorth"]!, (decimal)rules["maxPointsShare"]!).ShouldBe((100m, 1m, 0.3m));
        ((int)rules["pointsExpireAfterMonths"]!).ShouldBe(12);
        ((long)rules["referralBonus"]!).ShouldBe(50);
        rules["levels"]!.AsArray().Select(level => ((string)level!["key"]!, (long)level["threshold"]!, (decimal)level["earnMultiplier"]!))
            .ShouldBe([("standard", 0, 1m), ("silver", 100, 1.05m), ("gold", 500, 1.1m), ("platinum", 1500, 1.2m)]);
    }
}
