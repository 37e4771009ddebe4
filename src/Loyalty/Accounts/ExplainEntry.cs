using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Adjustments;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.Loyalty.Texts;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Accounts;

/// <summary>Which rule gave or took points, in one sentence, for the guest and for staff.</summary>
internal static class ExplainEntry
{
    /// <param name="Text">The whole explanation, in the language of <c>Accept-Language</c>.</param>
    /// <param name="Level">Key of the level by which points were earned.</param>
    /// <param name="Multiplier">Of the level and the campaign together.</param>
    /// <param name="OrderId">The order that earned, used or gave back the points.</param>
    /// <param name="ExpiresAt">When the points that are left of it expire, unless the guest orders before.</param>
    public sealed record Response(
        PointEntryId EntryId,
        string Text,
        EntryReason Rule,
        string? Level,
        decimal? Multiplier,
        EarnCampaign? Campaign,
        OrderId? OrderId,
        DateTimeOffset? ExpiresAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Why points were added or taken, and when they expire")
        .WithDescription("The text is in the first language of `Accept-Language` that is `ru` or `en`; in English when there is none.")
        .WithExample(request: null, new Response(
            new PointEntryId(311),
            "Начислили 26 баллов за заказ № 17: по одному за каждые 100 ₽ из оплаченных 1\u00a0250 ₽, ×1,1 за уровень «Золото», ×2 по акции "
            + "«Двойные баллы»; срок действия — до 15.01.2027, с новым заказом — дольше.",
            EntryReason.Earn, "gold", 2.2m, new EarnCampaign(new CampaignId(4), "Двойные баллы", 2m, BonusPoints: null), new OrderId(17),
            new DateTimeOffset(2027, 1, 15, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(LoyaltyErrors.EntryNotFound);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Mine(
        PointEntryId entryId, Caller caller, CallerLanguage language, LoyaltyDb db, BusinessClock wall, CancellationToken ct) =>
        caller.UserId is { } userId && await Find(userId, entryId, language, db, wall, ct) is { } found
            ? TypedResults.Ok(found)
            : Problems.For(LoyaltyErrors.EntryNotFound);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        UserId userId, PointEntryId entryId, Caller caller, CallerLanguage language, LoyaltyDb db, BusinessClock wall, CancellationToken ct) =>
        (caller.UserId == userId || caller.Role >= Role.Staff) && await Find(userId, entryId, language, db, wall, ct) is { } found
            ? TypedResults.Ok(found)
            : Problems.For(LoyaltyErrors.EntryNotFound);

    private static async Task<Response?> Find(
        UserId userId, PointEntryId entryId, CallerLanguage language, LoyaltyDb db, BusinessClock wall, CancellationToken ct)
    {
        var entry = await db.Set<PointEntry>().AsNoTracking().SingleOrDefaultAsync(entry => entry.UserId == userId && entry.Id == entryId.Value, ct);
        if (entry is null)
        {
            return null;
        }

        var why = await EntryExplanation.Of(entry, db, ct);
        var expiry = (await EntryExpiry.Of(db, userId, entry.Id, entry.Id, ct)).GetValueOrDefault(entry.Id);
        var levelName = await db.Levels.Where(level => level.Key == why.Level).Select(level => level.Name).SingleOrDefaultAsync(ct);
        var note = entry.Reason is not EntryReason.Adjustment ? null
            : await db.Set<Adjustment>().Where(made => made.UserId == userId && made.EntryId == entryId).Select(made => made.Reason).SingleOrDefaultAsync(ct);

        var text = new EntrySentence(language.Code, entry, why)
        {
            LevelName = levelName,
            Note = note,
            ExpiresOn = expiry is null ? null : wall.DayOf(expiry.At),
            IsProlongedByOrders = expiry is { IsFixed: false },
        };
        return new Response(
            entryId, text.ToString(), entry.Reason, why.Level,
            why.LevelMultiplier is { } level ? level * (why.CampaignMultiplier ?? 1) : null,
            why is { CampaignId: { } id, CampaignTitle: { } title } ? new EarnCampaign(id, title, why.CampaignMultiplier, why.CampaignBonus) : null,
            why.OrderId, expiry?.At);
    }
}
