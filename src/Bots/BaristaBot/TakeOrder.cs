using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>The guest's code, the sum, whether points pay a part of it, and the order is placed.</summary>
internal static class TakeOrder
{
    public const string Code = "order.code";
    public const string Amount = "order.amount";
    public const string Spend = "order.spend";

    private static readonly Money Most = new(1_000_000);

    /// <param name="Began">The update with which the barista began this order.</param>
    /// <param name="Amount">Known already when a code ran out after the sum was entered: it is not asked for again.</param>
    /// <param name="MaxPoints">How many points may pay a part of this order.</param>
    public sealed record Draft(long Began, string Code, Money? Amount = null, Points? MaxPoints = null);

    public static bool IsCode(string text) => Digits(text) is { Length: 6 } digits && digits.All(char.IsAsciiDigit);

    public static Task AskCode(Turn turn, CancellationToken ct) => turn.Ask(Code, new Draft(turn.UpdateId, ""), "order.code", Cancellable(turn), ct);

    public static async Task Cancel(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Say("order.cancelled", await Counter.Menu(turn, ct), ct);
    }

    public static async Task TakeCode(Turn turn, CancellationToken ct)
    {
        if (turn.Text is not { } text || !IsCode(text))
        {
            await turn.Say("order.code_wrong", ct);
            return;
        }

        var draft = (turn.Chat.Step == Code ? turn.Chat.FormOf<Draft>() : new Draft(turn.UpdateId, "")) with { Code = Digits(text) };
        if (draft.Amount is not null)
        {
            await PlaceOrAskForPoints(turn, draft, ct);
            return;
        }

        Guest guest;
        try
        {
            guest = await turn.Gateway.Post<Guest>("/api/loyalty/codes/check", new { draft.Code }, ct);
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }

        await turn.Ask(
            Amount, draft, "order.amount", Cancellable(turn), ct,
            ("level", BotText.Word(turn.Chat.Language, "level", guest.Level)), ("balance", guest.Balance));
    }

    public static async Task TakeAmount(Turn turn, CancellationToken ct)
    {
        var text = turn.Text ?? "";
        if (TypedSum.Read(text) is not { } amount || amount > Most)
        {
            await turn.Say(TypedSum.IsAmbiguous(text) ? "order.amount_ambiguous" : "order.amount_wrong", ct);
            return;
        }

        await PlaceOrAskForPoints(turn, turn.Chat.FormOf<Draft>() with { Amount = amount }, ct);
    }

    /// <summary>By a button with the number of points, or the number itself.</summary>
    public static async Task TakePoints(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormOf<Draft>();
        var given = turn.Button is null ? turn.Text ?? "" : turn.Argument;
        if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || new Points(number) > draft.MaxPoints)
        {
            await turn.Say("order.points_wrong", ct, ("max", draft.MaxPoints));
            return;
        }

        await Place(turn, draft, new Points(number), ct);
    }

    /// <summary>Without points to spend there is nothing to ask.</summary>
    private static async Task PlaceOrAskForPoints(Turn turn, Draft draft, CancellationToken ct)
    {
        Quote quote;
        try
        {
            quote = await Preview(turn, draft, ct);
        }
        // By this very order perhaps, which was placed and whose answer was lost: with the same key it is told, and any other is refused.
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.CodeUsed.Code)
        {
            await Place(turn, draft, Points.Zero, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }

        if (quote.MaxPoints == Points.Zero)
        {
            await Place(turn, draft, Points.Zero, ct);
            return;
        }

        await AskForPoints(turn, draft, quote, ct);
    }

    /// <summary>Also when there are none left to spend: the guest pays more than he was told.</summary>
    private static async Task AskForPointsAgain(Turn turn, Draft draft, CancellationToken ct)
    {
        Quote quote;
        try
        {
            quote = await Preview(turn, draft, ct);
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }

        await turn.Say("order.points_changed", ct);
        await AskForPoints(turn, draft, quote, ct);
    }

    private static Task<Quote> Preview(Turn turn, Draft draft, CancellationToken ct) =>
        turn.Gateway.Post<Quote>("/api/loyalty/orders/preview", new { draft.Code, draft.Amount }, ct);

    private static Task AskForPoints(Turn turn, Draft draft, Quote quote, CancellationToken ct)
    {
        var none = turn.Pressable("button.spend_none", $"{Spend}:0");
        return turn.Ask(
            Spend, draft with { MaxPoints = quote.MaxPoints }, "order.spend",
            quote.MaxPoints == Points.Zero ? new InlineKeyboardMarkup(none)
                : new InlineKeyboardMarkup(none, turn.Pressable("button.spend", $"{Spend}:{quote.MaxPoints}", ("points", quote.MaxPoints))),
            ct, ("amount", draft.Amount), ("balance", quote.Balance), ("max", quote.MaxPoints));
    }

    private static async Task Place(Turn turn, Draft draft, Points spend, CancellationToken ct)
    {
        Order order;
        try
        {
            order = await turn.Gateway.Post<Order>("/api/loyalty/orders", new { draft.Code, draft.Amount, SpendPoints = spend }, KeyOf(draft), ct);
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }
        // It was placed, and its answer lost, with another sum or other points.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.IdempotencyKeyReused.Code)
        {
            await AskAnotherCode(turn, draft, LoyaltyErrors.CodeUsed.Code, ct);
            return;
        }
        // His points have changed since they were looked at: at another counter, or by an undone order.
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.NotEnoughPoints.Code || refused.Code == LoyaltyErrors.TooManyPointsForOrder.Code)
        {
            await AskForPointsAgain(turn, draft, ct);
            return;
        }

        turn.Chat.Finish();
        await turn.SayLines(
            new InlineKeyboardMarkup(turn.Pressable("button.undo", $"{UndoOrder.Ask}:{order.OrderId}")), ct,
            turn.Line("order.done", ("amount", draft.Amount), ("toPay", order.ToPay), ("earned", order.PointsEarned), ("spent", order.PointsSpent)),
            order.DebtPaid > Points.Zero ? turn.Line("order.debt_paid", ("debt", order.DebtPaid)) : null,
            turn.Line("order.balance", ("balance", order.Balance)),
            order.LevelUp ? turn.Line("order.level_up", ("level", BotText.Word(turn.Chat.Language, "level", order.Level))) : null);
        await turn.Say("order.next", await Counter.Menu(turn, ct), ct);
    }

    /// <summary>What was entered stays: with a code that works the order goes on where it was.</summary>
    private static Task AskAnotherCode(Turn turn, Draft draft, string because, CancellationToken ct) =>
        turn.Ask(Code, draft with { Code = "" }, $"order.{because}", Cancellable(turn), ct);

    // One code pays one order: whatever the barista presses or types again when an answer was lost, it is this one.
    private static string KeyOf(Draft draft) => $"order:{draft.Began}:{draft.Code}";

    private static bool IsAboutCode(GatewayRefusedException refused) =>
        refused.Code == LoyaltyErrors.CodeUnknown.Code || refused.Code == LoyaltyErrors.CodeExpired.Code || refused.Code == LoyaltyErrors.CodeUsed.Code;

    private static ReplyKeyboardMarkup Cancellable(Turn turn) => new(new KeyboardButton(turn.Label("menu.cancel"))) { ResizeKeyboard = true };

    // A code is read out in groups, and typed so.
    private static string Digits(string text) => string.Concat(text.Where(character => character is not (' ' or '\u00a0' or '-')));

    private sealed record Guest(Points Balance, string Level);

    private sealed record Quote(Points MaxPoints, Points Balance);

    /// <param name="DebtPaid">Of the points that were earned, those that paid what the guest owed.</param>
    private sealed record Order(
        OrderId OrderId, Points PointsEarned, Points PointsSpent, Points DebtPaid, Money ToPay, Points Balance, string Level, bool LevelUp);
}
