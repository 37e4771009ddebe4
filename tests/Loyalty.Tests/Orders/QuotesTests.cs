using System.Net;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Orders;

/// <summary>Moves the clock and edits levels and settings.</summary>
public sealed class QuotesTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quote_is_honoured_exactly_after_the_campaign_the_level_and_the_settings_have_changed()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var lifting = await app.GivenOrder(guest, staff, 20_000);
        var campaign = await app.GivenCampaign("Двойные баллы", "multiplier = 2");
        var code = await app.GivenCode(guest);
        var quote = await app.Preview(staff, new { code, amount = 2000, spendPoints = 150 });

        await app.Database.Execute("update loyalty.campaigns set active = false where id = $1", Ct, campaign);
        await app.Database.Execute("update loyalty.settings set roubles_per_point = 50, max_points_share = 0.01", Ct);
        (await app.RefundAsAdmin(lifting, 19_000)).Json("level").ShouldBe("standard");
        await app.ChangePoints(guest, 200, "adjustment", "so-that-they-suffice");
        try
        {
            var order = await app.PlaceOrder(staff, new { code, amount = 2000, spendPoints = 150, quoteId = quote.Json("quoteId") });

            order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
            // 18 whole hundreds of 1850, times 1.05, times 2, rounded down.
            (quote.Json("pointsEarned"), order.Json("pointsEarned")).ShouldBe((37L, 37L));
            order.Json("pointsSpent").ShouldBe(150L);
            order.Json("toPay").ShouldBe(1850.00m);
            foreach (var field in new[] { "rule", "per", "multiplier", "level", "levelMultiplier", "campaign.id", "campaign.title", "campaign.multiplier" })
            {
                order.Json($"why.{field}").ShouldBe(quote.Json($"why.{field}"), field);
            }

            order.Json("why.multiplier").ShouldBe(2.10m);
            (await app.RowsThatDiffer()).ShouldBe(0);
            // A later refund of an earlier order does not touch what was promised.
            (await app.RefundAsAdmin(lifting)).Json("pointsCorrected").ShouldBe(0L);
            (await app.RowsThatDiffer()).ShouldBe(0);
        }
        finally
        {
            await app.Database.Execute("update loyalty.settings set roubles_per_point = 100, max_points_share = 0.30", Ct);
        }
    }

    [Fact]
    public async Task A_quote_expires_after_90_seconds()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var quote = await app.Preview(staff, new { userId = guest, amount = 1000 });
        quote.Status.ShouldBe(HttpStatusCode.OK, quote.Body);
        app.Clock.Advance(TimeSpan.FromSeconds(90));
        var code = await app.GivenCode(guest);

        (await app.PlaceOrder(staff, new { code, amount = 1000, quoteId = quote.Json("quoteId") })).ShouldBeProblem(HttpStatusCode.Gone, "quote_expired");
        (await app.PlaceOrder(staff, new { code, amount = 1000, quoteId = 999_999 })).ShouldBeProblem(HttpStatusCode.NotFound, "quote_unknown");
        (await app.PlaceOrder(staff, new { code, amount = 1000 })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_quote_for_another_guest_amount_or_number_of_points_is_a_mismatch_and_leaves_the_code_valid()
    {
        var (guest, other, staff) = (await app.GivenGuest(points: 50), await app.GivenGuest(), await app.GivenStaff());
        var code = await app.GivenCode(guest);
        var quoteId = (await app.Preview(staff, new { code, amount = 1000, spendPoints = 20 })).Json("quoteId");
        var others = (await app.Preview(staff, new { userId = other, amount = 1000, spendPoints = 0 })).Json("quoteId");

        (await Order(1000.01m, 20, quoteId)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "quote_mismatch");
        (await Order(1000, 19, quoteId)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "quote_mismatch");
        (await Order(1000, 0, others)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "quote_mismatch");
        (await Order(1000, 20, quoteId)).Status.ShouldBe(HttpStatusCode.Created);

        Task<Answer> Order(decimal amount, long spendPoints, object? quote) =>
            app.PlaceOrder(staff, new { code, amount, spendPoints, quoteId = quote });
    }

    [Fact]
    public async Task A_quote_does_not_spend_points_that_are_gone()
    {
        var (guest, staff) = (await app.GivenGuest(points: 50), await app.GivenStaff());
        var code = await app.GivenCode(guest);
        var quoteId = (await app.Preview(staff, new { code, amount = 1000, spendPoints = 50 })).Json("quoteId");
        await app.ChangePoints(guest, -1, "adjustment", "gone");

        (await app.PlaceOrder(staff, new { code, amount = 1000, spendPoints = 50, quoteId })).ShouldBeProblem(HttpStatusCode.Conflict, "not_enough_points");
    }

    [Fact]
    public async Task A_preview_finds_the_guest_by_their_id_but_not_the_barista_themselves()
    {
        var (guest, staff) = (await app.GivenGuest(points: 20), await app.GivenStaff());
        var code = await app.GivenCode(guest);

        var byId = await app.Preview(staff, new { userId = guest, amount = 1250 });
        var byCode = await app.Preview(staff, new { code, amount = 1250 });

        byId.Status.ShouldBe(HttpStatusCode.OK, byId.Body);
        foreach (var field in new[] { "user.userId", "user.name", "pointsEarned", "toPay", "maxPoints", "balance", "level", "expiresAt", "pointsExpireAt" })
        {
            byId.Json(field).ShouldBe(byCode.Json(field).ShouldNotBeNull(field), field);
        }

        using var themselves = app.Staff(staff, guest);
        (await app.Preview(themselves, new { userId = guest, amount = 100 })).ShouldBeProblem(HttpStatusCode.Forbidden, "gift_own");
        (await app.Preview(staff, new { userId = app.NewUserId(), amount = 100 })).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.Preview(staff, new { userId = guest, code, amount = 100 })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Preview(staff, new { amount = 100 })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }
}
