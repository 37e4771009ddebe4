using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>The guest's code, the amount, whether points pay a part of it, and the order is placed.</summary>
internal static class TakeOrder
{
    public const string Code = "order.code";
    public const string Amount = "order.amount";
    public const string Confirm = "order.confirm";
    public const string Spend = "order.spend";

    /// <param name="Began">The update with which the barista began this order.</param>
    /// <param name="Amount">Known already when a code ran out after the amount was entered: it is not asked for again.</param>
    /// <param name="MaxPoints">How many points may pay a part of this order.</param>
    /// <param name="MaxOrder">The largest order that the service accepts, as it said with the code.</param>
    /// <param name="Confirmed">The barista was asked about an unusually large amount, and it is right.</param>
    public sealed record Draft(
        long Began, string Code, Money? Amount = null, Points? MaxPoints = null, Money? MaxOrder = null, bool Confirmed = false);

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
            await PlaceOrAskFirst(turn, draft, ct);
            return;
        }

        GuestOfCode guest;
        try
        {
            guest = await Check(turn, draft.Code, ct);
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }

        await AskAmount(turn, draft, guest, ct);
    }

    /// <summary>Also when the barista was asked whether an amount is right, and types another.</summary>
    public static async Task TakeAmount(Turn turn, CancellationToken ct)
    {
        var (text, draft) = (turn.Text ?? "", turn.Chat.FormOf<Draft>());
        if (await TakeAsCode(turn, draft, text, ct))
        {
            return;
        }

        if (TypedSum.Read(text) is { } amount)
        {
            await PlaceOrAskFirst(turn, draft with { Amount = amount, Confirmed = false }, ct);
        }
        else if (TypedSum.ReadingsOf(text) is var (whole, kopecks))
        {
            await turn.Say("order.amount_ambiguous", ct, ("whole", whole), ("kopecks", kopecks));
        }
        else
        {
            await turn.Say("order.amount_wrong", ct);
        }
    }

    /// <summary>By a button: the large amount is right, or another one follows.</summary>
    public static async Task TakeConfirmation(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormOf<Draft>();
        if (turn.Argument == Yes)
        {
            await PlaceOrAskFirst(turn, draft with { Confirmed = true }, ct);
        }
        else
        {
            await turn.Ask(Amount, draft with { Amount = null }, "order.amount_again", Cancellable(turn), ct);
        }
    }

    /// <summary>By a button with the number of points, or the number itself.</summary>
    public static async Task TakePoints(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormOf<Draft>();
        var given = turn.Button is null ? turn.Text ?? "" : turn.Argument;
        if (turn.Button is null && await TakeAsCode(turn, draft, given, ct))
        {
            return;
        }

        if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || new Points(number) > draft.MaxPoints)
        {
            await turn.Say("order.points_wrong", ct, ("max", draft.MaxPoints));
            return;
        }

        await Place(turn, draft, new Points(number), ct);
    }

    /// <summary>
    /// Six digits that are a code are never an amount, whatever is being asked: sent twice, or the guest has pressed for a newer one. Only
    /// the service knows; a number that is no code counts there as a guess, so the few who order for six digits pay with one of those.
    /// </summary>
    /// <returns>False when they are none, and may be what was asked for.</returns>
    private static async Task<bool> TakeAsCode(Turn turn, Draft draft, string text, CancellationToken ct)
    {
        if (!IsCode(text))
        {
            return false;
        }

        var code = Digits(text);
        GuestOfCode guest;
        try
        {
            guest = await Check(turn, code, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.CodeUnknown.Code)
        {
            return false;
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            if (code == draft.Code)
            {
                await AskAnotherCode(turn, draft, refused.Code, ct);
            }
            else if (turn.Chat.Step == Spend)
            {
                await turn.Say("order.points_wrong", ct, ("max", draft.MaxPoints));
            }
            else
            {
                await turn.Say("order.code_not_amount", ct);
            }

            return true;
        }

        // Another guest may stand behind another code.
        draft = code == draft.Code ? draft : draft with { Code = code, Confirmed = false };
        if (draft.Amount is null)
        {
            await AskAmount(turn, draft, guest, ct);
        }
        else
        {
            await PlaceOrAskFirst(turn, draft, ct);
        }

        return true;
    }

    private static Task<GuestOfCode> Check(Turn turn, string code, CancellationToken ct) =>
        turn.Gateway.Post<GuestOfCode>("/api/loyalty/codes/check", new { code }, ct);

    private static Task AskAmount(Turn turn, Draft draft, GuestOfCode guest, CancellationToken ct) => turn.Ask(
        Amount, draft with { MaxOrder = guest.MaxOrder }, "order.amount", Cancellable(turn), ct,
        ("guest", new GuestAtCounter(guest.Name).ShownIn(turn)), ("level", BotText.Word(turn.Chat.Language, "level", guest.Level)), ("balance", guest.Balance));

    /// <summary>Asks what there is to ask: whether a large amount is right, and whether points are used when there are some.</summary>
    private static async Task PlaceOrAskFirst(Turn turn, Draft draft, CancellationToken ct)
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
        catch (GatewayRefusedException refused) when (IsTooLarge(refused))
        {
            await AskSmallerAmount(turn, draft, ct);
            return;
        }

        if (quote.NeedsConfirmation && !draft.Confirmed)
        {
            await turn.Ask(
                Confirm, draft, "order.confirm",
                new InlineKeyboardMarkup(
                    turn.Pressable("button.confirm", $"{Confirm}:{Yes}", ("amount", draft.Amount)), turn.Pressable("button.confirm_no", $"{Confirm}:no")),
                ct, ("amount", draft.Amount), ("guest", quote.User.ShownIn(turn)));
        }
        else if (quote.MaxPoints == Points.Zero)
        {
            await Place(turn, draft, Points.Zero, ct);
        }
        else
        {
            await AskForPoints(turn, draft, quote, ct);
        }
    }

    /// <summary>Also when there are none left to spend: the guest pays more than they were told.</summary>
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
        Receipt order;
        try
        {
            order = await turn.Gateway.Post<Receipt>("/api/loyalty/orders", new { draft.Code, draft.Amount, SpendPoints = spend }, KeyOf(draft), ct);
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }
        // It was placed, and its answer lost, with another amount or other points.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.IdempotencyKeyReused.Code)
        {
            await AskAnotherCode(turn, draft, LoyaltyErrors.CodeUsed.Code, ct);
            return;
        }
        // The guest's points have changed since they were looked at: at another counter, or by an undone order.
        catch (GatewayRefusedException refused) when (refused.Code == LoyaltyErrors.NotEnoughPoints.Code || refused.Code == LoyaltyErrors.TooManyPointsForOrder.Code)
        {
            await AskForPointsAgain(turn, draft, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (IsTooLarge(refused))
        {
            await AskSmallerAmount(turn, draft, ct);
            return;
        }

        turn.Chat.Finish();
        // The service tells the order, not what it was asked for.
        order = order with { Amount = draft.Amount!.Value };
        await turn.SayLines(order.UndoButton(turn), ct, order.Lines(turn));
        await turn.Say("order.next", await Counter.Menu(turn, ct), ct);
    }

    /// <summary>What was entered stays: with a code that works the order goes on where it was.</summary>
    private static Task AskAnotherCode(Turn turn, Draft draft, string because, CancellationToken ct) =>
        turn.Ask(Code, draft with { Code = "", Confirmed = false }, $"order.{because}", Cancellable(turn), ct);

    private static async Task AskSmallerAmount(Turn turn, Draft draft, CancellationToken ct)
    {
        draft = draft with { Amount = null, Confirmed = false };
        if (draft.MaxOrder is { } max)
        {
            await turn.Ask(Amount, draft, "order.amount_too_large", Cancellable(turn), ct, ("max", max));
        }
        else
        {
            // The order was begun with a release of this bot that was not told.
            await turn.Ask(Amount, draft, "order.amount_wrong", Cancellable(turn), ct);
        }
    }

    // One code pays one order: whatever the barista presses or types again when an answer was lost, it is this one.
    private static string KeyOf(Draft draft) => $"order:{draft.Began}:{draft.Code}";

    private static bool IsAboutCode(GatewayRefusedException refused) =>
        refused.Code == LoyaltyErrors.CodeUnknown.Code || refused.Code == LoyaltyErrors.CodeExpired.Code || refused.Code == LoyaltyErrors.CodeReplaced.Code
        || refused.Code == LoyaltyErrors.CodeUsed.Code || refused.Code == LoyaltyErrors.CodeOwn.Code;

    // Above what any setting allows, the field itself is refused.
    private static bool IsTooLarge(GatewayRefusedException refused) =>
        refused.Code == LoyaltyErrors.AmountTooLarge.Code || (refused.Code == PlatformErrors.ValidationFailed.Code && refused.Fields.Contains("amount"));

    private static ReplyKeyboardMarkup Cancellable(Turn turn) => new(new KeyboardButton(turn.Label("menu.cancel"))) { ResizeKeyboard = true };

    // A code is read out in groups, and typed so.
    private static string Digits(string text) => string.Concat(text.Where(character => character is not (' ' or '\u00a0' or '\u202f' or '-')));

    private const string Yes = "yes";

    private sealed record GuestOfCode(string? Name, Points Balance, string Level, Money MaxOrder);

    private sealed record Quote(GuestAtCounter User, Points MaxPoints, Points Balance, bool NeedsConfirmation);
}
