using Platform.Contracts;
using Platform.Loyalty.Accounts;

namespace Platform.Loyalty.Texts;

/// <summary>Why an entry of the ledger was made, as one sentence.</summary>
internal sealed class EntrySentence(string language, PointEntry entry, EntryExplanation why)
{
    private readonly Points _points = new(Math.Abs(entry.Delta.Value - entry.DebtDelta.Value));

    /// <summary>As the business named it; null for the usual name.</summary>
    public string? LevelName { get; init; }

    /// <summary>Of an adjustment, in the words of the member of staff.</summary>
    public string? Note { get; init; }

    /// <summary>The last day for the points that are left.</summary>
    public DateOnly? ExpiresOn { get; init; }

    public bool IsProlongedByOrders { get; init; }

    public override string ToString() => $"{Cause().TrimEnd('.')}{Debt()}{Expiry()}.";

    private string Cause() => entry.Reason switch
    {
        EntryReason.Earn => Earned(),
        EntryReason.Spend => Say("why.spend", ("roubles", new Money(_points.Value)), Order()),
        EntryReason.Return => Say(why.Whole is false ? "why.return.part" : "why.return", Order()),
        EntryReason.TakeBack => Say(why.Whole is false ? "why.take_back.part" : "why.take_back", Order()),
        EntryReason.Correction => Say("why.correction", Order()),
        EntryReason.Expiry when why.Months > 0 => Say("why.expiry.months", ("months", LoyaltyText.Counted("months", why.Months.Value, language))),
        EntryReason.Expiry => Say("why.expiry"),
        EntryReason.Adjustment => Say(IsTaken ? "why.adjustment.taken" : "why.adjustment")
            + (Note is null ? "" : Say("why.adjustment.reason", ("reason", Note))),
        EntryReason.Bonus => Say("why.bonus"),
        EntryReason.Referral => Say(why.Kind == "invited" ? "why.referral.invited" : "why.referral.inviter"),
        EntryReason.Achievement => Titled("why.achievement"),
        EntryReason.Reward => Titled("why.reward"),
        EntryReason.RewardReturn => Titled("why.reward_return"),
        _ => throw new InvalidOperationException($"There is no sentence for {entry.Reason}."),
    };

    private bool IsTaken => entry.Delta < entry.DebtDelta;

    private string Earned()
    {
        if (why is not { Per: { } per, Paid: { } paid })
        {
            return Say("why.earn_plain", Order());
        }

        var text = Say("why.earn", Order(), ("per", per), ("paid", paid));
        if (why is { Level: { } level, LevelMultiplier: { } levelMultiplier })
        {
            text += Say("why.earn.level", ("multiplier", levelMultiplier), ("level", LoyaltyText.Level(level, LevelName, language)));
        }

        if (why is { CampaignTitle: { } campaign, CampaignMultiplier: { } multiplier })
        {
            text += Say("why.earn.campaign_multiplier", ("multiplier", multiplier), ("campaign", campaign));
        }

        return why is { CampaignTitle: { } title, CampaignBonus: { } bonus }
            ? text + LoyaltyText.Get("why.earn.campaign_bonus", language, ("points", bonus), ("campaign", title))
            : text;
    }

    private string Debt() => entry.DebtDelta == Points.Zero ? "" : LoyaltyText.Get(
        entry.DebtDelta < Points.Zero ? "why.debt_paid" : "why.debt_made", language, ("points", new Points(Math.Abs(entry.DebtDelta.Value))));

    private string Expiry() => ExpiresOn is { } on ? Say(IsProlongedByOrders ? "why.expires" : "why.expires_on", ("on", on)) : "";

    private string Titled(string key) => why.Title is { } title ? Say($"{key}.title", ("title", title)) : Say(key);

    private (string, object) Order() => ("order", why.OrderId is { } id ? id : "—");

    private string Say(string key, params (string Name, object Value)[] values) => LoyaltyText.Get(key, language, [("points", _points), .. values]);
}
