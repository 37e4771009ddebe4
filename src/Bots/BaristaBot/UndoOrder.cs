using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Takes an order back, within minutes of placing it: by its button, and once more when asked whether he is sure.</summary>
internal static class UndoOrder
{
    public const string Ask = "undo.ask";
    public const string Sure = "undo.sure";
    public const string Keep = "undo.keep";

    public static async Task AskWhether(Turn turn, CancellationToken ct)
    {
        if (!OrderId.TryParse(turn.Argument, provider: null, out var order))
        {
            await turn.Toast("button.outdated", ct);
            return;
        }

        await turn.TakeButtons(ct);
        await turn.Say(
            "undo.ask", new InlineKeyboardMarkup(turn.Pressable("button.undo_sure", $"{Sure}:{order}"), turn.Pressable("button.undo_keep", $"{Keep}:{order}")), ct,
            ("order", order.ToString()));
    }

    public static Task LeaveIt(Turn turn, CancellationToken ct) => turn.Replace("undo.kept", keyboard: null, ct, ("order", turn.Argument));

    public static async Task Undo(Turn turn, CancellationToken ct)
    {
        if (!OrderId.TryParse(turn.Argument, provider: null, out var order))
        {
            await turn.Toast("button.outdated", ct);
            return;
        }

        try
        {
            var refund = await turn.Gateway.Post<Refund>($"/api/loyalty/orders/{order}/refund", new { }, ct);
            await turn.ReplaceLines(
                ct,
                turn.Line("undo.done", ("order", order.ToString()), ("refunded", refund.Refunded), ("takenBack", refund.PointsTakenBack), ("returned", refund.PointsReturned)),
                turn.Line("order.balance", ("balance", refund.Balance)),
                refund.Debt > Points.Zero ? turn.Line("undo.debt", ("debt", refund.Debt)) : null);
        }
        // By a second tap, most likely: the message tells what to give back, and goes on telling it.
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.OrderRefunded.Code)
        {
            await turn.Toast($"undo.{refused.Code}", ct, ("order", order.ToString()));
            await turn.TakeButtons(ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.UndoWindowOver.Code || refused.Code == LoyaltyErrors.OrderNotFound.Code)
        {
            await turn.Replace($"undo.{refused.Code}", keyboard: null, ct, ("order", order.ToString()));
        }
    }

    private sealed record Refund(Money Refunded, Points PointsTakenBack, Points PointsReturned, Points Balance, Points Debt);
}
