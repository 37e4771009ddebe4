using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Accounts;

/// <summary>
/// What is kept with an entry of the ledger to explain it: <see cref="PointEntry.Why"/>. Which of it is there depends on the rule. Entries
/// that are older than explanations are explained by their order.
/// </summary>
internal sealed record EntryExplanation
{
    public static readonly EntryExplanation None = new();

    public OrderId? OrderId { get; init; }

    /// <summary>Of a refund: whether nothing of the order is left.</summary>
    public bool? Whole { get; init; }

    public Money? Paid { get; init; }

    /// <summary>Roubles per point.</summary>
    public Money? Per { get; init; }

    public string? Level { get; init; }

    public decimal? LevelMultiplier { get; init; }

    public CampaignId? CampaignId { get; init; }

    public string? CampaignTitle { get; init; }

    public decimal? CampaignMultiplier { get; init; }

    public Points? CampaignBonus { get; init; }

    /// <summary>Months without an order, after which points expired.</summary>
    public int? Months { get; init; }

    /// <summary>Of a referral: <c>invited</c> or <c>inviter</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Of a reward or an achievement.</summary>
    public string? Title { get; init; }

    public static async Task<EntryExplanation> Of(PointEntry entry, LoyaltyDb db, CancellationToken ct) =>
        entry.Why is not null ? JsonSerializer.Deserialize<EntryExplanation>(entry.Why, JsonSerializerOptions.Web) ?? None
        : entry.SourceId.Split(':') is not [var cause, var number] || !long.TryParse(number, CultureInfo.InvariantCulture, out var id) ? None
        : cause == "order" ? await OfOrder(new OrderId(id), db, ct)
        : cause == "refund" ? await OfRefund(new RefundId(id), db, ct)
        : None;

    private static async Task<EntryExplanation> OfOrder(OrderId id, LoyaltyDb db, CancellationToken ct) => await db.Set<Order>()
        .Where(order => order.Id == id)
        .Select(order => new EntryExplanation
        {
            OrderId = id, Paid = order.Paid, Per = order.RoublesPerPoint, Level = order.EarnLevel, LevelMultiplier = order.LevelMultiplier,
        })
        .SingleOrDefaultAsync(ct) ?? None;

    private static async Task<EntryExplanation> OfRefund(RefundId id, LoyaltyDb db, CancellationToken ct) => await db.Set<Refund>()
        .Where(refund => refund.Id == id)
        .Select(refund => new EntryExplanation { OrderId = refund.OrderId })
        .SingleOrDefaultAsync(ct) ?? None;
}
