using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Shows the gifts that wait for a guest, the stamps on the way to the next one, and the gifts that they have had.</summary>
internal static class GiftList
{
    /// <summary>A page of the waiting gifts: its cursor follows.</summary>
    public const string Available = "gift.page";

    /// <summary>The same of redeemed gifts.</summary>
    public const string Redeemed = "gift.redeemed";

    private const int PageSize = 10;

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var cursor = Pages.CursorOf(turn, Available);
        var gifts = await Get(turn, "available", cursor, ct);
        turn.Chat.Finish();
        var none = gifts.Items.Count == 0 && cursor.Length == 0;
        var stamps = cursor.Length == 0 ? await StampLines(turn, ct) : [];
        await turn.Reply.ReplaceLines(
            new InlineKeyboardMarkup(
            [
                .. Pages.Buttons(turn, Available, cursor, gifts.Next),
                [none ? turn.Texts.Button("menu.rewards", RewardCatalogue.Open) : turn.Texts.Button("menu.code", PaymentCode.Another)],
                [turn.Texts.Button("button.gifts_redeemed", Redeemed)],
            ]),
            ct,
            [
                none ? turn.Texts.Line("gift.none") : turn.Texts.Line("gift"),
                .. gifts.Items.Select(gift => gift.ExpiresAt is { } end
                    ? turn.Texts.Line("gift.item_until", ("title", gift.Title), ("date", turn.Wall.DayOf(end)))
                    : turn.Texts.Line("gift.item", ("title", gift.Title))),
                .. stamps,
                none ? null : turn.Texts.Line("gift.how"),
            ]);
    }

    public static async Task ShowRedeemed(Turn turn, CancellationToken ct)
    {
        var cursor = Pages.CursorOf(turn, Redeemed);
        var gifts = await Get(turn, "redeemed", cursor, ct);
        turn.Chat.Finish();
        await turn.Reply.ReplaceLines(
            new InlineKeyboardMarkup(
                [.. Pages.Buttons(turn, Redeemed, cursor, gifts.Next), [turn.Texts.Button("button.gifts_available", Available)]]),
            ct,
            [
                turn.Texts.Line(gifts.Items.Count == 0 && cursor.Length == 0 ? "gift.redeemed_none" : "gift.redeemed"),
                .. gifts.Items.Select(gift => gift.RedeemedAt is { } at
                    ? turn.Texts.Line("gift.item_redeemed", ("title", gift.Title), ("date", turn.Wall.DayOf(at)))
                    : turn.Texts.Line("gift.item", ("title", gift.Title))),
            ]);
    }

    private static Task<Gifts> Get(Turn turn, string state, string cursor, CancellationToken ct)
    {
        var after = cursor.Length == 0 ? "" : $"&after={Uri.EscapeDataString(cursor)}";
        return turn.Gateway.Get<Gifts>($"/api/loyalty/accounts/me/gifts?state={state}&limit={PageSize}{after}", ct);
    }

    /// <returns>No lines while the service does not answer: the gifts are shown without them.</returns>
    private static async Task<IEnumerable<string>> StampLines(Turn turn, CancellationToken ct)
    {
        try
        {
            var cards = await turn.Gateway.Get<StampCards>("/api/loyalty/accounts/me/stamps", ct);
            return [.. cards.Items.Select(card => LineOf(turn, card))];
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            return [];
        }
    }

    // Every n-th is free, so n - 1 stamps are needed.
    private static string LineOf(Turn turn, StampCard card)
    {
        var (needed, had) = (Math.Max(card.N - 1, 1), Math.Max(card.Stamps, 0));
        had = Math.Min(had, needed);
        return turn.Texts.Line(
            "gift.stamps", ("title", card.Title), ("bar", new string('●', had) + new string('○', needed - had)), ("reward", card.Reward),
            ("left", (long)(needed - had)));
    }

    private sealed record Gifts(IReadOnlyList<Gift> Items, Cursor? Next);

    private sealed record Gift(GiftId GiftId, string Title, DateTimeOffset? ExpiresAt, DateTimeOffset? RedeemedAt);

    private sealed record StampCards(IReadOnlyList<StampCard> Items);

    private sealed record StampCard(string Title, int N, int Stamps, string Reward);
}
