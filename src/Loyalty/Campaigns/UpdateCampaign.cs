using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Campaigns;

/// <summary>Replaces a campaign. Orders keep the points that they earned by it.</summary>
internal static class UpdateCampaign
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces a campaign")
        .WithDescription("`active: false` ends it at once. Orders keep the points that they earned by it.")
        .WithExample(CampaignContent.Example, CampaignView.Example)
        .Refuses(LoyaltyErrors.CampaignNotFound, LoyaltyErrors.CampaignInvalid);

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> Handle(
        CampaignId id, CampaignContent content, Caller caller, LoyaltyDb db, Audit audit, BusinessClock wall, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Rows<Campaign>($"where id = {id.Value} for update").SingleOrDefaultAsync(ct) is not { } campaign)
        {
            return Problems.For(LoyaltyErrors.CampaignNotFound);
        }

        if (await content.Check(db, wall, ct) is not { } period)
        {
            return Problems.For(LoyaltyErrors.CampaignInvalid);
        }

        var before = CampaignView.Of(campaign);
        content.ApplyTo(campaign, period);
        var after = CampaignView.Of(campaign);
        audit.Write(db, caller, "campaign.update", $"campaign:{id}", new { before, after });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(after);
    }
}
