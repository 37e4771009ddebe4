using System.Collections.Frozen;

namespace Platform.Bots.Conversations;

/// <summary>Names of a script's lines in traces, by what people do there.</summary>
internal static class StepNames
{
    // Other routes are named after themselves.
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["/start"] = "greet",
        ["/code"] = "show code",
        ["menu.code"] = "show code",
        ["[code.another]"] = "show code",
        ["/card"] = "show card",
        ["menu.card"] = "show card",
        ["[card.refresh]"] = "show card",
        ["/profile"] = "show profile",
        ["menu.profile"] = "show profile",
        ["[why.page]"] = "show points history",
        ["[why.entry]"] = "explain points",
        ["/gifts"] = "show gifts",
        ["menu.gifts"] = "show gifts",
        ["[gift.page]"] = "show gifts",
        ["[gift.redeemed]"] = "show redeemed gifts",
        ["/rewards"] = "show rewards",
        ["menu.rewards"] = "show rewards",
        ["[reward.open]"] = "show rewards",
        ["[reward.more]"] = "show rewards",
        ["[reward.choose]"] = "choose reward",
        ["reward.confirm"] = "buy reward",
        ["[reward.confirm]"] = "buy reward",
        ["/orders"] = "show orders",
        ["menu.history"] = "show orders",
        ["[history.page]"] = "show orders",
        ["/review"] = "begin review",
        ["menu.review"] = "begin review",
        ["[review.order]"] = "begin review",
        ["review.rating"] = "rate",
        ["[review.rating]"] = "rate",
        ["review.text"] = "send review",
        ["[review.text]"] = "send review",
        ["/idea"] = "begin idea",
        ["menu.idea"] = "begin idea",
        ["idea.text"] = "send idea",
        ["/message"] = "begin message",
        ["menu.letter"] = "begin message",
        ["letter_to.text"] = "send message",
        ["[review.rating_cancel]"] = "cancel writing",
        ["[review.text_cancel]"] = "cancel writing",
        ["[idea.cancel]"] = "cancel writing",
        ["[letter_to.cancel]"] = "cancel writing",
        ["/notifications"] = "show notification settings",
        ["[notify.open]"] = "show notification settings",
        ["[notify.set]"] = "change notification settings",
        ["/settings"] = "show settings",
        ["menu.settings"] = "show settings",
        ["/language"] = "choose language",
        ["/data"] = "show my data",
        ["/help"] = "help",
        ["/order"] = "begin order",
        ["menu.order"] = "begin order",
        ["order.code"] = "enter code",
        ["order.amount"] = "place order",
        ["order.spend"] = "place order",
        ["[order.spend]"] = "place order",
        ["[order.confirm]"] = "place order",
        ["[undo.ask]"] = "ask about undoing an order",
        ["[undo.sure]"] = "undo order",
        ["[undo.keep]"] = "keep order",
        ["menu.check_card"] = "check card",
        ["card_check.number"] = "check card",
    }.ToFrozenDictionary();

    /// <param name="route">As <see cref="BotScript.Find"/> returns it.</param>
    public static string Of(string? route) => route is null ? "not understood"
        : Names.GetValueOrDefault(route) ?? route.Trim('[', ']', '/').Replace("menu.", "", StringComparison.Ordinal).Replace('.', ' ').Replace('_', ' ');
}
