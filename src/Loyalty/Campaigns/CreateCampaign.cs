using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Campaigns;

internal static class CreateCampaign
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Adds a campaign")
        .WithDescription("It has either a multiplier or bonus points. Of several that fit an order, the one that earns the guest most applies.")
        .WithExample(CampaignContent.Example, CampaignView.Example)
        .Refuses(LoyaltyErrors.CampaignInvalid);

    public static async Task<Results<Created<CampaignView>, ProblemHttpResult>> Handle(
        CampaignContent content, Caller caller, LoyaltyDb db, Audit audit, BusinessClock wall, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (await content.Check(db, wall, ct) is not { } period)
        {
            return Problems.For(LoyaltyErrors.CampaignInvalid);
        }

        var campaign = new Campaign
        {
            Title = content.Title.Trim(), StartsAt = period.StartsAt, EndsAt = period.EndsAt, Active = content.Active, CreatedAt = clock.GetUtcNow(),
        };
        content.ApplyTo(campaign, period);
        db.Add(campaign);
        await db.SaveChangesAsync(ct);

        var view = CampaignView.Of(campaign);
        audit.Write(db, caller, "campaign.create", $"campaign:{campaign.Id}", view);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, view);
    }
}
