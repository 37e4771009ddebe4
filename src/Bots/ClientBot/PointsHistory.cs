using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>The changes of a guest's points, each with a button that explains it.</summary>
internal static class PointsHistory
{
    /// <summary>A page: its cursor follows, none for the newest.</summary>
    public const string Page = "why.page";

    /// <summary>Why an entry changed the points: its number follows.</summary>
    public const string Why = "why.entry";

    private const int PageSize = 6;
    private const int ButtonsPerRow = 3;

    /// <param name="Next">Cursor of the next page; null on the last.</param>
    public sealed record Entries(IReadOnlyList<Entry> Items, Cursor? Next);

    /// <param name="Reason">As in the ledger, such as <c>takeBack</c>.</param>
    public sealed record Entry(PointEntryId Id, Points Delta, string Reason, DateTimeOffset CreatedAt);

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var cursor = Pages.CursorOf(turn, Page);
        var entries = await Read(turn, PageSize, cursor, ct);
        turn.Chat.Finish();
        await turn.Reply.ReplaceLines(
            new InlineKeyboardMarkup([.. Buttons(turn, entries), .. Pages.Buttons(turn, Page, cursor, entries.Next)]), ct,
            [turn.Texts.Line(entries.Items.Count == 0 ? "why.none" : "why"), .. entries.Items.Select(entry => LineOf(turn, entry))]);
    }

    /// <summary>Answers in a message of its own: a toast is too short, and the list stays.</summary>
    public static async Task Explain(Turn turn, CancellationToken ct)
    {
        if (!PointEntryId.TryParse(turn.Input.Argument, provider: null, out var id))
        {
            await Show(turn, ct);
            return;
        }

        try
        {
            var why = await turn.Gateway.Get<Explanation>($"/api/loyalty/accounts/me/why/{id}", turn.Chat.Language, ct);
            await turn.Reply.Say("why.answer", ct, ("text", why.Text));
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.EntryNotFound))
        {
            await turn.Reply.Toast("button.outdated", ct);
        }
    }

    /// <returns>None while the service does not answer: the profile is shown without them.</returns>
    public static async Task<Entries> Last(Turn turn, int count, CancellationToken ct)
    {
        try
        {
            return await Read(turn, count, cursor: "", ct);
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            return new Entries([], Next: null);
        }
    }

    public static string LineOf(Turn turn, Entry entry) => turn.Texts.Line(
        "why.entry", ("change", Signed(entry.Delta)), ("reason", BotText.Word(turn.Chat.Language, "why.reason", entry.Reason)),
        ("date", turn.Wall.DayOf(entry.CreatedAt)));

    public static IEnumerable<InlineKeyboardButton[]> Buttons(Turn turn, Entries entries) => entries.Items
        .Select(entry => turn.Texts.Button("button.why", $"{Why}:{entry.Id}", ("change", Signed(entry.Delta)))).Chunk(ButtonsPerRow);

    private static Task<Entries> Read(Turn turn, int limit, string cursor, CancellationToken ct)
    {
        var after = cursor.Length == 0 ? "" : $"&after={Uri.EscapeDataString(cursor)}";
        return turn.Gateway.Get<Entries>($"/api/loyalty/accounts/me/entries?limit={limit}{after}", ct);
    }

    private static string Signed(Points change) => change.Value.ToString("+0;−0;0", CultureInfo.InvariantCulture);

    private sealed record Explanation(string Text);
}
