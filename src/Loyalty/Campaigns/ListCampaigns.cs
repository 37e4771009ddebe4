using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Campaigns;

internal static class ListCampaigns
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<CampaignView> Items, CampaignId? Next);

    /// <param name="Levels">Keys, separated by spaces.</param>
    public sealed record Row(
        CampaignId CampaignId,
        string Title,
        decimal? Multiplier,
        Points? BonusPoints,
        DateTimeOffset From,
        DateTimeOffset To,
        bool Active,
        string? Levels,
        bool BirthdayMonth,
        int? InactiveDays);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Campaigns, newest first")
        .WithDescription("Pass `next` from a page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response([CampaignView.Example], Next: null));

    /// <param name="running">True for the campaigns that apply now, false for all others.</param>
    public static async Task<Results<Ok<Response>, CsvFile<Row>>> Handle(
        LoyaltyDb db,
        TimeProvider clock,
        CancellationToken ct,
        bool? running = null,
        CampaignId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        var campaigns = db.Set<Campaign>().AsNoTracking();
        if (running is not null)
        {
            var now = clock.GetUtcNow();
            campaigns = campaigns.Where(campaign => (campaign.Active && campaign.StartsAt <= now && campaign.EndsAt > now) == running);
        }

        if (format == "csv")
        {
            return new CsvFile<Row>("campaigns.csv", campaigns.OrderByDescending(campaign => campaign.Id).AsAsyncEnumerable().Select(RowOf));
        }

        if (after is { } last)
        {
            campaigns = campaigns.Where(campaign => EF.Functions.LessThan(ValueTuple.Create(campaign.Id), ValueTuple.Create(last)));
        }

        var page = await campaigns.OrderByDescending(campaign => campaign.Id).Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit).Select(CampaignView.Of)], page.Count > limit ? page[limit - 1].Id : null));
    }

    private static Row RowOf(Campaign campaign) => new(
        campaign.Id, campaign.Title, campaign.Multiplier, campaign.BonusPoints, campaign.StartsAt, campaign.EndsAt, campaign.Active,
        campaign.Levels is null ? null : string.Join(' ', campaign.Levels), campaign.BirthdayMonth, campaign.InactiveDays);
}
