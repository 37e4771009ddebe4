using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>A rating from 1 to 10, of an order or in general, and a text that may be skipped.</summary>
internal static class LeaveReview
{
    /// <summary>Under an order: its number follows.</summary>
    public const string OfOrder = "review.order";

    public const string Rating = "review.rating";
    public const string CancelRating = "review.rating_cancel";
    public const string Text = "review.text";
    public const string CancelText = "review.text_cancel";

    private const int Highest = 10;

    /// <summary>Up to here the guest was not happy: they get another answer.</summary>
    private const int Unhappy = 6;

    /// <param name="Began">The update with which the review began; the idempotency key.</param>
    public sealed record Draft(long Began, OrderId? Order = null, int Rating = 0);

    public static async Task Begin(Turn turn, CancellationToken ct)
    {
        // Forbidden for people who have not registered, who are led to the registration before they write anything.
        await turn.Gateway.Get<Me>("/api/users/me", ct);
        OrderId? order = turn.Input.Button == OfOrder && OrderId.TryParse(turn.Input.Argument, provider: null, out var id) ? id : null;
        await AskRating(turn, new Draft(turn.Input.UpdateId, order), ct);
    }

    public static Task AskRating(Turn turn, Draft draft, CancellationToken ct) => turn.Reply.Ask(
        Rating, draft, draft.Order is null ? "review" : "review.of_order",
        new InlineKeyboardMarkup(
        [
            .. Enumerable.Range(1, Highest).Select(number => InlineKeyboardButton.WithCallbackData($"{number}", $"{Rating}:{number}")).Chunk(Highest / 2),
            [turn.Texts.Button("menu.cancel", CancelRating)],
        ]),
        ct, ("order", draft.Order?.ToString()));

    public static async Task ReadRating(Turn turn, CancellationToken ct)
    {
        var given = turn.Input.Button is null ? turn.Input.Text ?? "" : turn.Input.Argument;
        if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var rating) || rating is < 1 or > Highest)
        {
            await Questions.RejectAnswer(turn, ct);
            return;
        }

        var draft = turn.Chat.FormAs<Draft>() with { Rating = rating };
        await turn.Reply.Replace("review.rated", keyboard: null, ct, ("rating", (long)rating));
        await AskText(turn, draft, ct);
    }

    public static Task AskText(Turn turn, Draft draft, CancellationToken ct) => turn.Reply.Ask(
        Text, draft, draft.Rating > Unhappy ? "review.text" : "review.text_unhappy",
        new InlineKeyboardMarkup([[turn.Texts.Button("button.review_skip", Text)], [turn.Texts.Button("menu.cancel", CancelText)]]), ct);

    public static async Task ReadText(Turn turn, CancellationToken ct)
    {
        var skips = turn.Input.Button is not null || turn.Input.Says("button.skip") || turn.Input.Says("button.review_skip");
        if (!skips && turn.Input.Text is not { Length: > 0 })
        {
            await turn.Reply.Say("letter_to.text_only", ct);
            return;
        }

        var draft = turn.Chat.FormAs<Draft>();
        try
        {
            await WriteToUs.Send(
                turn, "/api/loyalty/feedback/review",
                new { draft.Rating, Text = skips ? null : turn.Input.Text, OrderId = draft.Order }, $"review:{draft.Began}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.OrderNotFound))
        {
            turn.Chat.Finish();
            await turn.Reply.Say("review.order_not_found", ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("text"))
        {
            await turn.Reply.Say("letter_to.too_long", ct);
            return;
        }

        turn.Chat.Finish();
        await turn.Reply.Say(draft.Rating > Unhappy ? "review.thanks" : "review.thanks_unhappy", Welcome.Menu(turn), ct);
    }
}
