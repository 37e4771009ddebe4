using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>
/// Redeems a guest's gift, after a confirmation: a redeemed gift is gone. On the receipt of an order it is redeemed with that order, so
/// that undoing the order returns it.
/// </summary>
internal static class RedeemGift
{
    public const string Guest = "redeem.guest";
    public const string Of = "redeem.of";
    public const string List = "redeem.list";
    public const string Choose = "redeem.gift";
    public const string Sure = "redeem.sure";
    public const string WithOrder = "redeem.order";
    public const string SureWithOrder = "redeem.with";
    public const string Back = "redeem.back";

    private const int MostGifts = 20;

    public static Task AskGuest(Turn turn, CancellationToken ct) => GuestSearch.Ask(turn, Guest, "redeem.guest", ct);

    public static async Task ReadGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.Read(turn, Of, ct) is { } guest)
        {
            await ShowGifts(turn, guest, ct);
        }
    }

    public static async Task ReadPressedGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.ReadPressed(turn, ct) is { } guest)
        {
            await ShowGifts(turn, guest, ct);
        }
    }

    /// <summary>The barista did not confirm: shows the gifts again, in the same message.</summary>
    public static async Task ShowGiftsAgain(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.ReadPressed(turn, ct) is { } guest)
        {
            var gifts = await AvailableTo(turn, guest.UserId, ct);
            await (gifts.Count == 0
                ? turn.Reply.Replace("redeem.none", keyboard: null, ct, ("guest", guest.ShownIn(turn)))
                : turn.Reply.Replace("redeem.list", ChoiceOf(turn, guest.UserId, gifts), ct, ("guest", guest.ShownIn(turn))));
        }
    }

    public static async Task AskToConfirm(Turn turn, CancellationToken ct)
    {
        if (Ids(turn) is not var (owner, id) || await GuestSearch.Get(turn, new UserId(owner), ct) is not { } guest)
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        if ((await AvailableTo(turn, guest.UserId, ct)).FirstOrDefault(gift => gift.GiftId.Value == id) is not { } gift)
        {
            await turn.Reply.Toast("redeem.gift_redeemed", ct);
            await turn.Reply.RemoveButtons(ct);
            return;
        }

        await turn.Reply.Replace(
            "redeem.sure",
            new InlineKeyboardMarkup(
                turn.Texts.Button("button.redeem_sure", $"{Sure}:{guest.UserId}.{gift.GiftId}"),
                turn.Texts.Button("button.redeem_keep", $"{List}:{guest.UserId}")),
            ct, ("title", gift.Title), ("guest", guest.ShownIn(turn)));
    }

    public static async Task Redeem(Turn turn, CancellationToken ct)
    {
        if (Ids(turn) is not var (_, id))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        if (await Redeem(turn, new GiftId(id), order: null, ct) is { } redeemed)
        {
            await turn.Reply.Replace("redeem.done", keyboard: null, ct, ("title", redeemed.Title), ("guest", redeemed.ShownIn(turn)));
        }
    }

    /// <summary>Shows the guest's gifts under the receipt of their order.</summary>
    public static async Task ShowForOrder(Turn turn, CancellationToken ct)
    {
        if (await UndoOrder.Find(turn, turn.Input.Argument, ct) is not { } order)
        {
            return;
        }

        var gifts = await AvailableTo(turn, order.User.UserId, ct);
        if (gifts.Count == 0)
        {
            await turn.Reply.Toast("redeem.none_left", ct);
            await turn.Reply.ReplaceLines(order.Keyboard(turn, gifts), ct, order.Lines(turn));
            return;
        }

        await turn.Reply.ReplaceLines(
            new InlineKeyboardMarkup(
            [
                .. gifts.Select(gift => new[] { ButtonOf(turn, gift, $"{SureWithOrder}:{order.OrderId}.{gift.GiftId}") }),
                [turn.Texts.Button("button.redeem_back", $"{Back}:{order.OrderId}")],
            ]),
            ct, [.. order.Lines(turn), turn.Texts.Line("redeem.which")]);
    }

    public static async Task BackToReceipt(Turn turn, CancellationToken ct)
    {
        if (await UndoOrder.Find(turn, turn.Input.Argument, ct) is { } order)
        {
            await turn.Reply.ReplaceLines(order.Keyboard(turn, await AvailableTo(turn, order.User.UserId, ct)), ct, order.Lines(turn));
        }
    }

    public static async Task RedeemWithOrder(Turn turn, CancellationToken ct)
    {
        if (Ids(turn) is not var (orderNumber, id))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        if (await Redeem(turn, new GiftId(id), new OrderId(orderNumber), ct) is { } redeemed
            && await UndoOrder.Find(turn, $"{orderNumber}", ct) is { } order)
        {
            await turn.Reply.ReplaceLines(
                order.Keyboard(turn, await AvailableTo(turn, order.User.UserId, ct)), ct,
                [.. order.Lines(turn), turn.Texts.Line("redeem.done_with_order", ("title", redeemed.Title))]);
        }
    }

    /// <summary>For a receipt: without its gifts rather than not at all.</summary>
    public static async Task<IReadOnlyList<AvailableGift>> AvailableOrNone(Turn turn, UserId user, CancellationToken ct)
    {
        try
        {
            return await AvailableTo(turn, user, ct);
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<AvailableGift>> AvailableTo(Turn turn, UserId user, CancellationToken ct)
    {
        try
        {
            return (await turn.Gateway.Get<Gifts>($"/api/loyalty/accounts/{user}/gifts?state=available&limit={MostGifts}", ct)).Items;
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.AccountNotFound, LoyaltyErrors.GuestErased))
        {
            return [];
        }
    }

    private static async Task ShowGifts(Turn turn, FoundGuest guest, CancellationToken ct)
    {
        var gifts = await AvailableTo(turn, guest.UserId, ct);
        turn.Chat.Finish();
        if (gifts.Count == 0)
        {
            await turn.Reply.Say("redeem.none", await Counter.Menu(turn, ct), ct, ("guest", guest.ShownIn(turn)));
            return;
        }

        await turn.Reply.Say("redeem.list", ChoiceOf(turn, guest.UserId, gifts), ct, ("guest", guest.ShownIn(turn)));
        await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
    }

    private static InlineKeyboardMarkup ChoiceOf(Turn turn, UserId owner, IReadOnlyList<AvailableGift> gifts) =>
        new(gifts.Select(gift => new[] { ButtonOf(turn, gift, $"{Choose}:{owner}.{gift.GiftId}") }));

    private static InlineKeyboardButton ButtonOf(Turn turn, AvailableGift gift, string data) => gift.ExpiresAt is { } end
        ? turn.Texts.Button("button.gift_until", data, ("title", gift.Title), ("date", turn.Wall.DayOf(end)))
        : turn.Texts.Button("button.gift", data, ("title", gift.Title));

    /// <returns>Null when it was refused; the barista got a message.</returns>
    private static async Task<Redeemed?> Redeem(Turn turn, GiftId gift, OrderId? order, CancellationToken ct)
    {
        try
        {
            return await turn.Gateway.Post<Redeemed>($"/api/loyalty/gifts/{gift}/redeem", new { OrderId = order }, ct);
        }
        // Most likely a second tap: the message already says what was redeemed.
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.GiftRedeemed))
        {
            await turn.Reply.Toast($"redeem.{refused.Code}", ct);
            if (order is null)
            {
                await turn.Reply.RemoveButtons(ct);
            }

            return null;
        }
        catch (GatewayRefusedException refused) when (refused.Is(
            LoyaltyErrors.GiftNotFound, LoyaltyErrors.GiftExpired, LoyaltyErrors.GiftRevoked, LoyaltyErrors.GiftOwn, LoyaltyErrors.GuestErased,
            LoyaltyErrors.OrderNotFound, LoyaltyErrors.OrderRefunded))
        {
            await (order is null ? turn.Reply.Replace($"redeem.{refused.Code}", keyboard: null, ct) : turn.Reply.Say($"redeem.{refused.Code}", ct));
            return null;
        }
    }

    /// <returns>The two numbers of a pressed button; null when there are none.</returns>
    private static (long First, long Second)? Ids(Turn turn) =>
        turn.Input.Argument.Split('.') is [var first, var second]
        && UserId.TryParse(first, provider: null, out var number) && GiftId.TryParse(second, provider: null, out var gift)
            ? (number.Value, gift.Value)
            : null;

    private sealed record Gifts(IReadOnlyList<AvailableGift> Items);

    private sealed record Redeemed(UserId UserId, string? Name, string Title)
    {
        public string ShownIn(Turn turn) => new GuestAtCounter(UserId, Name).ShownIn(turn);
    }
}

internal sealed record AvailableGift(GiftId GiftId, string Title, DateTimeOffset? ExpiresAt);
