using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Shows a guest's orders, newest first. Further pages replace the first in its message.</summary>
internal static class OrderHistory
{
    /// <summary>A page: its cursor follows, none for the newest.</summary>
    public const string Page = "history.page";

    private const int PageSize = 5;

    /// <summary>Buttons to review an order, side by side.</summary>
    private const int ReviewsPerRow = 3;

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var cursor = Pages.CursorOf(turn, Page);
        var after = cursor.Length == 0 ? "" : $"&after={Uri.EscapeDataString(cursor)}";
        var orders = await turn.Gateway.Get<Orders>($"/api/loyalty/accounts/me/orders?limit={PageSize}{after}", ct);
        turn.Chat.Finish();
        if (orders.Items.Count == 0 && cursor.Length == 0)
        {
            await turn.Reply.Replace("history.none", new InlineKeyboardMarkup(turn.Texts.Button("menu.code", PaymentCode.Another)), ct);
            return;
        }

        var shops = orders.Items.Any(order => order.ShopId is not null) ? await ShopNames(turn, ct) : [];
        var lines = orders.Items.SelectMany(order => LinesOf(turn, order, order.ShopId is { } shop ? shops.GetValueOrDefault(shop, shop) : null));
        var reviews = orders.Items.Where(order => order.RefundedAmount < order.Paid || order.Paid == Money.Zero)
            .Select(order => turn.Texts.Button("button.review_order", $"{LeaveReview.OfOrder}:{order.OrderId}", ("order", order.OrderId.ToString())))
            .Chunk(ReviewsPerRow);
        await turn.Reply.ReplaceLines(
            new InlineKeyboardMarkup([.. reviews, .. Pages.Buttons(turn, Page, cursor, orders.Next)]), ct, [turn.Texts.Line("history"), .. lines]);
    }

    private static IEnumerable<string> LinesOf(Turn turn, Order order, string? shop)
    {
        yield return turn.Texts.Line(
            "history.order", ("order", order.OrderId.ToString()), ("date", turn.Wall.DayOf(order.PlacedAt)), ("time", turn.Wall.TimeOf(order.PlacedAt)),
            ("shop", shop is null ? "" : $" · {shop}"));
        var points = turn.Texts.Line("history.earned", ("amount", order.Amount), ("earned", order.PointsEarned));
        yield return order.PointsSpent > Points.Zero ? $"{points}{turn.Texts.Line("history.spent", ("spent", order.PointsSpent))}" : points;
        if (order.RefundedAmount > Money.Zero)
        {
            yield return turn.Texts.Line("history.refunded", ("refunded", order.RefundedAmount));
        }
    }

    /// <summary>By their ids. Without the names, the orders are shown with the ids.</summary>
    private static async Task<Dictionary<string, string>> ShopNames(Turn turn, CancellationToken ct)
    {
        try
        {
            return (await turn.Gateway.Get<Shops>("/api/loyalty/shops", ct)).Items.ToDictionary(shop => shop.Id, shop => shop.Name);
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            return [];
        }
    }

    /// <param name="Next">Cursor of the next page; null on the last.</param>
    private sealed record Orders(IReadOnlyList<Order> Items, Cursor? Next);

    private sealed record Order(
        OrderId OrderId, string? ShopId, Money Amount, Money Paid, Points PointsEarned, Points PointsSpent, Money RefundedAmount, DateTimeOffset PlacedAt);

    private sealed record Shops(IReadOnlyList<Shop> Items);

    private sealed record Shop(string Id, string Name);
}
