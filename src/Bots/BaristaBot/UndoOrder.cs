using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>
/// Undoes an order within minutes of placing it: by its button, and once more when asked whether it is meant. All of it happens in the
/// message of the receipt, so however often a button is tapped there is one question, and one order that it is about.
/// </summary>
internal static class UndoOrder
{
    public const string Ask = "undo.ask";
    public const string Sure = "undo.sure";
    public const string Keep = "undo.keep";

    public static async Task AskWhether(Turn turn, CancellationToken ct)
    {
        if (await Find(turn, ct) is not { } order)
        {
            return;
        }

        if (order.NoRefundBecause is { } refusal)
        {
            await Refuse(turn, order, refusal, ct);
            return;
        }

        await turn.Replace(
            "undo.ask",
            new InlineKeyboardMarkup(
                turn.Pressable("button.undo_sure", $"{Sure}:{order.OrderId}"), turn.Pressable("button.undo_keep", $"{Keep}:{order.OrderId}")),
            ct,
            ("order", order.OrderId.ToString()), ("amount", order.Amount), ("guest", order.User.ShownIn(turn)));
    }

    /// <summary>The receipt comes back, and its button while it is of any use.</summary>
    public static async Task LeaveIt(Turn turn, CancellationToken ct)
    {
        if (await Find(turn, ct) is not { } order)
        {
            return;
        }

        if (order.NoRefundBecause is { } refusal)
        {
            await Refuse(turn, order, refusal, ct);
            return;
        }

        await turn.Toast("undo.kept", ct, ("order", order.OrderId.ToString()));
        await turn.Edit(turn.PressedOn!.Value, string.Join('\n', order.Lines(turn).OfType<string>()), order.UndoButton(turn), ct);
    }

    public static async Task Undo(Turn turn, CancellationToken ct)
    {
        if (!OrderId.TryParse(turn.Argument, provider: null, out var order))
        {
            await turn.Toast("button.outdated", ct);
            return;
        }

        try
        {
            var refund = await turn.Gateway.Post<Refund>($"/api/loyalty/orders/{order}/refund", new { Whole = true }, ct);
            await turn.ReplaceLines(
                ct,
                turn.Line(
                    "undo.done",
                    ("order", order.ToString()), ("refunded", refund.Refunded), ("takenBack", refund.PointsTakenBack), ("returned", refund.PointsReturned)),
                refund.PointsCorrected > Points.Zero ? turn.Line("undo.corrected", ("corrected", refund.PointsCorrected)) : null,
                turn.Line("order.balance", ("balance", refund.Balance)),
                refund.Debt > Points.Zero ? turn.Line("undo.debt", ("debt", refund.Debt)) : null);
        }
        // By a second tap, most likely: the message tells what to give back, and goes on telling it.
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.OrderRefunded.Code)
        {
            await turn.Toast($"undo.{refused.Code}", ct, ("order", order.ToString()));
            await turn.TakeButtons(ct);
        }
        catch (GatewayRefusedException refused) when (
            refused.Code == LoyaltyErrors.UndoWindowOver.Code || refused.Code == LoyaltyErrors.OrderNotFound.Code
            || refused.Code == LoyaltyErrors.GuestErased.Code)
        {
            await turn.Replace($"undo.{refused.Code}", keyboard: null, ct, ("order", order.ToString()));
        }
    }

    /// <returns>Null when the button is of nobody's order, or of a colleague's: the barista was told.</returns>
    private static async Task<Receipt?> Find(Turn turn, CancellationToken ct)
    {
        if (!OrderId.TryParse(turn.Argument, provider: null, out var order))
        {
            await turn.Toast("button.outdated", ct);
            return null;
        }

        try
        {
            return await turn.Gateway.Get<Receipt>($"/api/loyalty/orders/{order}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.OrderNotFound.Code)
        {
            await turn.Replace("undo.order_not_found", keyboard: null, ct, ("order", order.ToString()));
            return null;
        }
    }

    /// <summary>No question whose answer would be no: the receipt stays, without its button, and says why.</summary>
    private static async Task Refuse(Turn turn, Receipt order, string refusal, CancellationToken ct)
    {
        await turn.Toast($"undo.{refusal}", ct, ("order", order.OrderId.ToString()));
        if (refusal == LoyaltyErrors.OrderRefunded.Code)
        {
            await turn.TakeButtons(ct);
        }
        else
        {
            await turn.ReplaceLines(ct, [.. order.Lines(turn), turn.Line($"undo.{refusal}", ("order", order.OrderId.ToString()))]);
        }
    }

    private sealed record Refund(Money Refunded, Points PointsTakenBack, Points PointsReturned, Points PointsCorrected, Points Balance, Points Debt);
}
