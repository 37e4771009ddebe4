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
