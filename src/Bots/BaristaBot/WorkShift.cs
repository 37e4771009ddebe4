using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>
/// Opens and closes a shift. Orders belong to the shop of the open shift, so the shop is asked for once: here, or before the first
/// order. A business without shops has no shifts.
/// </summary>
internal static class WorkShift
{
    public const string Shop = "shift.shop";
    public const string Refresh = "shift.refresh";
    public const string Close = "shift.close";
    public const string Sure = "shift.sure";

    /// <param name="Order">The order that waits for the shop; null when the barista only opens a shift.</param>
    public sealed record Draft(IReadOnlyList<OpenShop> Shops, TakeOrder.Draft? Order = null);

    public sealed record OpenShop(string Id, string Name);

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        if (await Current(turn, ct) is { } shift)
        {
            turn.Chat.Finish();
            await turn.Reply.SayLines(Buttons(turn, shift), ct, OpenLines(turn, shift));
        }
        else if (await Shops(turn, ct) is { Count: > 0 } shops)
        {
            await AskShop(turn, new Draft(shops), "shift.shop", ct);
        }
        else
        {
            turn.Chat.Finish();
            await turn.Reply.Say("shift.no_shops", await Counter.Menu(turn, ct), ct);
        }
    }

    /// <summary>Before an order: asks for the shop unless a shift is open.</summary>
    /// <returns>Whether it asked. The order continues when the barista has answered.</returns>
    public static async Task<bool> AskShopFirst(Turn turn, TakeOrder.Draft order, CancellationToken ct)
    {
        if (await Current(turn, ct) is not null || await Shops(turn, ct) is not { Count: > 0 } shops)
        {
            return false;
        }

        await AskShop(turn, new Draft(shops, order), "shift.shop_first", ct);
        return true;
    }

    public static async Task ReadShop(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<Draft>();
        if (ShopIn(turn, draft.Shops) is not { } shop)
        {
            await turn.Reply.Say("shift.shop_wrong", ct);
            return;
        }

        Shift? shift;
        try
        {
            shift = await turn.Gateway.Post<Shift>("/api/loyalty/shifts", new { ShopId = shop.Id }, ct);
        }
        // On another device.
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.ShiftOpen))
        {
            shift = await Current(turn, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.ShopUnknown, LoyaltyErrors.ShopNotFound, LoyaltyErrors.ShopInactive))
        {
            await turn.Reply.Say("shift.shop_closed", ct);
            await (await Shops(turn, ct) is { Count: > 0 } others
                ? AskShop(turn, draft with { Shops = others }, "shift.shop", ct)
                : Show(turn, ct));
            return;
        }

        turn.Chat.Finish();
        await turn.Reply.Replace("shift.opened", keyboard: null, ct, ("shop", shift?.ShopName ?? shop.Name));
        await (draft.Order is { } order
            ? TakeOrder.Continue(turn, order, ct)
            : turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct));
    }

    public static async Task ShowAgain(Turn turn, CancellationToken ct)
    {
        if (await Current(turn, ct) is { } shift && shift.ShiftId.ToString() == turn.Input.Argument)
        {
            await turn.Reply.ReplaceLines(Buttons(turn, shift), ct, OpenLines(turn, shift));
        }
        else
        {
            await SayClosed(turn, ct);
        }
    }

    public static async Task AskToClose(Turn turn, CancellationToken ct)
    {
        if (await Current(turn, ct) is { } shift && shift.ShiftId.ToString() == turn.Input.Argument)
        {
            await turn.Reply.ReplaceLines(
                new InlineKeyboardMarkup(
                    turn.Texts.Button("button.shift_close_sure", $"{Sure}:{shift.ShiftId}"),
                    turn.Texts.Button("button.shift_keep", $"{Refresh}:{shift.ShiftId}")),
                ct, [.. OpenLines(turn, shift), turn.Texts.Line("shift.close")]);
        }
        else
        {
            await SayClosed(turn, ct);
        }
    }

    public static async Task CloseShift(Turn turn, CancellationToken ct)
    {
        if (!ShiftId.TryParse(turn.Input.Argument, provider: null, out var id))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        try
        {
            var shift = await turn.Gateway.Post<Shift>($"/api/loyalty/shifts/{id}/close", body: null, ct);
            await turn.Reply.ReplaceLines(
                keyboard: null, ct,
                turn.Texts.Line(
                    "shift.closed", ("shop", shift.ShopName), ("from", turn.Wall.TimeOf(shift.OpenedAt)),
                    ("to", turn.Wall.TimeOf(shift.ClosedAt ?? turn.Now)), ("date", turn.Wall.DayOf(shift.OpenedAt))),
                turn.Texts.Line("shift.totals", Totals(shift)));
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.ShiftClosed, LoyaltyErrors.ShiftNotFound))
        {
            await SayClosed(turn, ct);
        }
    }

    // Most likely a second tap: the message already says what it should.
    private static async Task SayClosed(Turn turn, CancellationToken ct)
    {
        await turn.Reply.Toast("shift.shift_closed", ct);
        await turn.Reply.RemoveButtons(ct);
    }

    private static Task AskShop(Turn turn, Draft draft, string question, CancellationToken ct) => turn.Reply.Ask(
        Shop, draft, question,
        new InlineKeyboardMarkup(draft.Shops.Index().Select(shop => new[] { InlineKeyboardButton.WithCallbackData(shop.Item.Name, $"{Shop}:{shop.Index}") })),
        ct);

    private static OpenShop? ShopIn(Turn turn, IReadOnlyList<OpenShop> shops)
    {
        if (turn.Input.Button is null)
        {
            return shops.FirstOrDefault(shop => string.Equals(shop.Name, turn.Input.Text, StringComparison.OrdinalIgnoreCase));
        }

        // An id may be longer than a button's data.
        return int.TryParse(turn.Input.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shops.Count ? shops[index] : null;
    }

    private static InlineKeyboardMarkup Buttons(Turn turn, Shift shift) => new(
        turn.Texts.Button("button.shift_refresh", $"{Refresh}:{shift.ShiftId}"), turn.Texts.Button("button.shift_close", $"{Close}:{shift.ShiftId}"));

    private static string?[] OpenLines(Turn turn, Shift shift) =>
    [
        turn.Texts.Line("shift.open", ("shop", shift.ShopName), ("date", turn.Wall.DayOf(shift.OpenedAt)), ("time", turn.Wall.TimeOf(shift.OpenedAt))),
        turn.Texts.Line("shift.totals", Totals(shift)),
    ];

    private static (string Name, object? Value)[] Totals(Shift shift) =>
    [
        ("orders", shift.Orders), ("revenue", shift.Revenue), ("earned", shift.PointsEarned), ("spent", shift.PointsSpent),
        ("given", shift.GiftsGiven), ("redeemed", shift.GiftsRedeemed),
    ];

    private static async Task<Shift?> Current(Turn turn, CancellationToken ct)
    {
        try
        {
            return await turn.Gateway.Get<Shift>("/api/loyalty/shifts/current", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.ShiftNotFound))
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<OpenShop>> Shops(Turn turn, CancellationToken ct) =>
        [.. (await turn.Gateway.Get<ShopList>("/api/loyalty/shops", ct)).Items.Where(shop => shop.Active).Select(shop => new OpenShop(shop.Id, shop.Name))];

    private sealed record ShopList(IReadOnlyList<ListedShop> Items);

    private sealed record ListedShop(string Id, string Name, bool Active);

    private sealed record Shift(
        ShiftId ShiftId,
        string ShopName,
        DateTimeOffset OpenedAt,
        DateTimeOffset? ClosedAt,
        long Orders,
        Money Revenue,
        Points PointsEarned,
        Points PointsSpent,
        long GiftsGiven,
        long GiftsRedeemed);
}
