using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Undoes a recent order after a confirmation. All in the receipt's message, so that repeated taps lead to one question.</summary>
internal static class UndoOrder
{
    public const string Ask = "undo.ask";
    public const string Confirm = "undo.sure";
    public const string Cancel = "undo.keep";

    public static async Task AskToConfirm(Turn turn, CancellationToken ct)
    {
        if (await Find(turn, turn.Input.Argument, ct) is not { } order)
        {
            return;
        }

        if (order.NoRefundBecause is { } refusal)
        {
            await Refuse(turn, order, refusal, ct);
            return;
        }

        await turn.Reply.Replace(
            "undo.ask",
            new InlineKeyboardMarkup(
                turn.Texts.Button("button.undo_sure", $"{Confirm}:{order.OrderId}"), turn.Texts.Button("button.undo_keep", $"{Cancel}:{order.OrderId}")),
            ct,
            ("order", order.OrderId.ToString()), ("amount", order.Amount), ("guest", order.User.ShownIn(turn)));
    }

    public static async Task KeepOrder(Turn turn, CancellationToken ct)
    {
        if (await Find(turn, turn.Input.Argument, ct) is not { } order)
        {
            return;
        }

        if (order.NoRefundBecause is { } refusal)
        {
            await Refuse(turn, order, refusal, ct);
            return;
        }

        await turn.Reply.Toast("undo.kept", ct, ("order", order.OrderId.ToString()));
        var gifts = await RedeemGift.AvailableOrNone(turn, order.User.UserId, ct);
        await turn.Reply.ReplaceLines(order.Keyboard(turn, gifts), ct, order.Lines(turn));
    }

    public static async Task Undo(Turn turn, CancellationToken ct)
    {
        if (!OrderId.TryParse(turn.Input.Argument, provider: null, out var order))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        try
        {
            var refund = await turn.Gateway.Post<Refund>($"/api/loyalty/orders/{order}/refund", new { Whole = true }, ct);
            await turn.Reply.ReplaceLines(keyboard: null, ct,
                turn.Texts.Line(
                    "undo.done",
                    ("order", order.ToString()), ("refunded", refund.Refunded), ("takenBack", refund.PointsTakenBack), ("returned", refund.PointsReturned)),
                refund.PointsCorrected > Points.Zero ? turn.Texts.Line("undo.corrected", ("corrected", refund.PointsCorrected)) : null,
                turn.Texts.Line("order.balance", ("balance", refund.Balance)),
                refund.Debt > Points.Zero ? turn.Texts.Line("undo.debt", ("debt", refund.Debt)) : null);
        }
        // Most likely a second tap: the message already says what to refund, and must keep saying it.
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.OrderRefunded))
        {
            await turn.Reply.Toast($"undo.{refused.Code}", ct, ("order", order.ToString()));
            await turn.Reply.RemoveButtons(ct);
        }
        catch (GatewayRefusedException refused) when (
            refused.Is(LoyaltyErrors.UndoWindowOver, LoyaltyErrors.OrderNotFound, LoyaltyErrors.GuestErased))
        {
            await turn.Reply.Replace($"undo.{refused.Code}", keyboard: null, ct, ("order", order.ToString()));
        }
    }

    /// <returns>Null when there is no such order, or it is a colleague's; the barista got a message.</returns>
    public static async Task<Receipt?> Find(Turn turn, string number, CancellationToken ct)
    {
        if (!OrderId.TryParse(number, provider: null, out var order))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return null;
        }

        try
        {
            return await turn.Gateway.Get<Receipt>($"/api/loyalty/orders/{order}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.OrderNotFound))
        {
            await turn.Reply.Replace("undo.order_not_found", keyboard: null, ct, ("order", order.ToString()));
            return null;
        }
    }

    private static async Task Refuse(Turn turn, Receipt order, string refusal, CancellationToken ct)
    {
        await turn.Reply.Toast($"undo.{refusal}", ct, ("order", order.OrderId.ToString()));
        if (refusal == LoyaltyErrors.OrderRefunded.Code)
        {
            await turn.Reply.RemoveButtons(ct);
        }
        else
        {
            await turn.Reply.ReplaceLines(keyboard: null, ct, [.. order.Lines(turn), turn.Texts.Line($"undo.{refusal}", ("order", order.OrderId.ToString()))]);
        }
    }

    private sealed record Refund(Money Refunded, Points PointsTakenBack, Points PointsReturned, Points PointsCorrected, Points Balance, Points Debt);
}
