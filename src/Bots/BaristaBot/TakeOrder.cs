using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Asks for the guest's code, the amount, and how many points to spend, then places the order.</summary>
internal static class TakeOrder
{
    public const string Code = "order.code";
    public const string Amount = "order.amount";
    public const string Confirm = "order.confirm";
    public const string Spend = "order.spend";

    /// <param name="Began">The update with which the barista began this order; part of its idempotency key.</param>
    /// <param name="Amount">Kept when the code expires after it was entered.</param>
    /// <param name="QuoteId">Of the order without points, as it was shown; null from a release that did not store it.</param>
    public sealed record Draft(
        long Began, string Code, Money? Amount = null, Points? MaxPoints = null, Money? MaxOrder = null, bool Confirmed = false, QuoteId? QuoteId = null);

    public static bool IsCode(string text) => Digits(text) is { Length: 6 } digits && digits.All(char.IsAsciiDigit);

    public static async Task AskCode(Turn turn, CancellationToken ct)
    {
        var draft = new Draft(turn.Input.UpdateId, "");
        if (!await WorkShift.AskShopFirst(turn, draft, ct))
        {
            await Continue(turn, draft, ct);
        }
    }

    /// <summary>Once the shop is known.</summary>
    public static Task Continue(Turn turn, Draft draft, CancellationToken ct) =>
        draft.Code.Length == 0 ? turn.Reply.Ask(Code, draft, "order.code", Cancellable(turn), ct) : TakeCode(turn, draft, ct);

    public static async Task Cancel(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.Say("order.cancelled", await Counter.Menu(turn, ct), ct);
    }

    public static async Task ReadCode(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Text is not { } text || !IsCode(text))
        {
            await turn.Reply.Say("order.code_wrong", ct);
            return;
        }

        if (turn.Chat.Step == Code)
        {
            await TakeCode(turn, turn.Chat.FormAs<Draft>() with { Code = Digits(text) }, ct);
            return;
        }

        // A code without pressing "new order" first.
        var draft = new Draft(turn.Input.UpdateId, Digits(text));
        if (!await WorkShift.AskShopFirst(turn, draft, ct))
        {
            await TakeCode(turn, draft, ct);
        }
    }

    private static async Task TakeCode(Turn turn, Draft draft, CancellationToken ct)
    {
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

    /// <summary>Also runs when the barista types another amount instead of confirming the first.</summary>
    public static async Task ReadAmount(Turn turn, CancellationToken ct)
    {
        var (text, draft) = (turn.Input.Text ?? "", turn.Chat.FormAs<Draft>());
        if (await TryReadAsCode(turn, draft, text, ct))
        {
            return;
        }

        if (turn.Chat.Step == Confirm && turn.Input.Says("words.confirm"))
        {
            await PlaceOrAskFirst(turn, draft with { Confirmed = true }, ct);
        }
        else if (turn.Chat.Step == Confirm && (turn.Input.Says("words.refuse") || turn.Input.Says("button.confirm_no")))
        {
            await turn.Reply.Ask(Amount, draft with { Amount = null }, "order.amount_again", Cancellable(turn), ct);
        }
        else if (TypedAmount.Parse(text) is { } amount)
        {
            await PlaceOrAskFirst(turn, draft with { Amount = amount, Confirmed = false }, ct);
        }
        else if (TypedAmount.AmbiguousReadings(text) is var (whole, kopecks))
        {
            await turn.Reply.Say("order.amount_ambiguous", ct, ("whole", whole), ("kopecks", kopecks));
        }
        else
        {
            await turn.Reply.Say("order.amount_wrong", ct);
        }
    }

    public static async Task ReadConfirmation(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<Draft>();
        if (turn.Input.Argument == Yes)
        {
            await PlaceOrAskFirst(turn, draft with { Confirmed = true }, ct);
        }
        else
        {
            await turn.Reply.Ask(Amount, draft with { Amount = null }, "order.amount_again", Cancellable(turn), ct);
        }
    }

    public static async Task ReadPoints(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<Draft>();
        var given = turn.Input.Button is not null ? turn.Input.Argument : turn.Input.Says("button.spend_none") ? "0" : turn.Input.Text ?? "";
        if (turn.Input.Button is null && await TryReadAsCode(turn, draft, given, ct))
        {
            return;
        }

        if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || new Points(number) > draft.MaxPoints)
        {
            await turn.Reply.Say("order.points_wrong", ct, ("max", draft.MaxPoints));
            return;
        }

        if (number == 0 && draft.QuoteId is { } shown)
        {
            await Place(turn, draft, Points.Zero, shown, ct);
        }
        else
        {
            await PlaceAgain(turn, draft, new Points(number), ct);
        }
    }

    /// <summary>A guest's code is never an amount. Only the service can tell, and counts a six-digit amount as a wrong guess.</summary>
    /// <returns>False when it is not a code.</returns>
    private static async Task<bool> TryReadAsCode(Turn turn, Draft draft, string text, CancellationToken ct)
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
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.CodeUnknown))
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
                await turn.Reply.Say("order.points_wrong", ct, ("max", draft.MaxPoints));
            }
            else
            {
                await turn.Reply.Say("order.code_not_amount", ct);
            }

            return true;
        }

        // A different code may be a different guest's.
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

    private static Task AskAmount(Turn turn, Draft draft, GuestOfCode guest, CancellationToken ct) => turn.Reply.Ask(
        Amount, draft with { MaxOrder = guest.MaxOrder }, "order.amount", Cancellable(turn), ct,
        ("guest", new GuestAtCounter(guest.UserId, guest.Name).ShownIn(turn)),
        ("level", BotText.Word(turn.Chat.Language, "level", guest.Level)), ("balance", guest.Balance));

    /// <summary>First asks to confirm a large amount, and how many points to spend if there are any.</summary>
    private static async Task PlaceOrAskFirst(Turn turn, Draft draft, CancellationToken ct)
    {
        Quote quote;
        try
        {
            quote = await Preview(turn, draft, ct);
        }
        // Perhaps by this very order, if the answer was lost: its idempotency key returns the order, and refuses any other.
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.CodeUsed))
        {
            await Place(turn, draft, Points.Zero, quote: null, ct);
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
            await turn.Reply.Ask(
                Confirm, draft, "order.confirm",
                new InlineKeyboardMarkup(
                    turn.Texts.Button("button.confirm", $"{Confirm}:{Yes}", ("amount", draft.Amount)), turn.Texts.Button("button.confirm_no", $"{Confirm}:no")),
                ct, ("amount", draft.Amount), ("guest", quote.User.ShownIn(turn)));
        }
        else if (quote.MaxPoints == Points.Zero)
        {
            await Place(turn, draft, Points.Zero, quote.QuoteId, ct);
        }
        else
        {
            await AskForPoints(turn, draft, quote, ct);
        }
    }

    /// <summary>Asks even when no points are left, since the guest now pays more than they expected.</summary>
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

        await turn.Reply.Say("order.points_changed", ct);
        await AskForPoints(turn, draft, quote, ct);
    }

    /// <summary>With a new quote: for another number of points than the last one, or because that one has expired.</summary>
    private static async Task PlaceAgain(Turn turn, Draft draft, Points spend, CancellationToken ct)
    {
        QuoteId? quote;
        try
        {
            quote = (await Preview(turn, draft, ct, spend)).QuoteId;
        }
        // Perhaps by this very order: see PlaceOrAskFirst.
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.CodeUsed))
        {
            quote = null;
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.NotEnoughPoints, LoyaltyErrors.TooManyPointsForOrder))
        {
            await AskForPointsAgain(turn, draft, ct);
            return;
        }

        await Place(turn, draft, spend, quote, ct);
    }

    private static Task<Quote> Preview(Turn turn, Draft draft, CancellationToken ct, Points spend = default) =>
        turn.Gateway.Post<Quote>("/api/loyalty/orders/preview", new { draft.Code, draft.Amount, SpendPoints = spend }, ct);

    private static Task AskForPoints(Turn turn, Draft draft, Quote quote, CancellationToken ct)
    {
        var none = turn.Texts.Button("button.spend_none", $"{Spend}:0");
        return turn.Reply.Ask(
            Spend, draft with { MaxPoints = quote.MaxPoints, QuoteId = quote.QuoteId }, "order.spend",
            quote.MaxPoints == Points.Zero ? new InlineKeyboardMarkup(none)
                : new InlineKeyboardMarkup(none, turn.Texts.Button("button.spend", $"{Spend}:{quote.MaxPoints}", ("points", quote.MaxPoints))),
            ct, ("amount", draft.Amount), ("balance", quote.Balance), ("max", quote.MaxPoints));
    }

    private static async Task Place(Turn turn, Draft draft, Points spend, QuoteId? quote, CancellationToken ct)
    {
        Receipt order;
        try
        {
            order = await turn.Gateway.Post<Receipt>(
                "/api/loyalty/orders", new { draft.Code, draft.Amount, SpendPoints = spend, QuoteId = quote }, KeyOf(draft), ct);
        }
        catch (GatewayRefusedException refused) when (IsAboutCode(refused))
        {
            await AskAnotherCode(turn, draft, refused.Code, ct);
            return;
        }
        // The answer was lost, and the order was placed with another amount or other points.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.IdempotencyKeyReused))
        {
            await AskAnotherCode(turn, draft, LoyaltyErrors.CodeUsed.Code, ct);
            return;
        }
        // The guest's points changed since the preview: at another counter, or by an undone order.
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.NotEnoughPoints, LoyaltyErrors.TooManyPointsForOrder))
        {
            await AskForPointsAgain(turn, draft, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (quote is not null
            && refused.Is(LoyaltyErrors.QuoteExpired, LoyaltyErrors.QuoteUnknown, LoyaltyErrors.QuoteMismatch))
        {
            await PlaceAgain(turn, draft, spend, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (IsTooLarge(refused))
        {
            await AskSmallerAmount(turn, draft, ct);
            return;
        }
        // The shop of their shift was closed or removed.
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.ShopUnknown, LoyaltyErrors.ShopInactive))
        {
            turn.Chat.Finish();
            await turn.Reply.Say("order.shop_closed", await Counter.Menu(turn, ct), ct);
            return;
        }

        turn.Chat.Finish();
        // The response does not contain the amount.
        order = order with { Amount = draft.Amount!.Value };
        var gifts = await RedeemGift.AvailableOrNone(turn, order.User.UserId, ct);
        await turn.Reply.SayLines(order.Keyboard(turn, gifts), ct, order.Lines(turn));
        await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
    }

    /// <summary>Keeps the amount, so that the order continues with the new code.</summary>
    private static Task AskAnotherCode(Turn turn, Draft draft, string because, CancellationToken ct) =>
        turn.Reply.Ask(Code, draft with { Code = "", Confirmed = false }, $"order.{because}", Cancellable(turn), ct);

    private static async Task AskSmallerAmount(Turn turn, Draft draft, CancellationToken ct)
    {
        draft = draft with { Amount = null, Confirmed = false };
        if (draft.MaxOrder is { } max)
        {
            await turn.Reply.Ask(Amount, draft, "order.amount_too_large", Cancellable(turn), ct, ("max", max));
        }
        else
        {
            // A draft from a release that did not store the maximum.
            await turn.Reply.Ask(Amount, draft, "order.amount_wrong", Cancellable(turn), ct);
        }
    }

    // A code is good for one order, so whatever the barista presses or types after a lost answer refers to the same one.
    private static string KeyOf(Draft draft) => $"order:{draft.Began}:{draft.Code}";

    private static bool IsAboutCode(GatewayRefusedException refused) =>
        refused.Is(LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn);

    // Above the highest possible setting, the field itself is invalid.
    private static bool IsTooLarge(GatewayRefusedException refused) =>
        refused.Is(LoyaltyErrors.AmountTooLarge) || (refused.Is(PlatformErrors.ValidationFailed) && refused.Fields.Contains("amount"));

    private static ReplyKeyboardMarkup Cancellable(Turn turn) => turn.Texts.Keyboard(oneTime: false, "menu.cancel");

    // Codes are read out, and typed, in groups.
    public static string Digits(string text) => string.Concat(text.Where(character => character is not (' ' or '\u00a0' or '\u202f' or '-')));

    private const string Yes = "yes";

    private sealed record GuestOfCode(UserId UserId, string? Name, Points Balance, string Level, Money MaxOrder);

    private sealed record Quote(QuoteId? QuoteId, GuestAtCounter User, Points MaxPoints, Points Balance, bool NeedsConfirmation);
}
