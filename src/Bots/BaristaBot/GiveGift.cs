using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Gives a guest a gift: asks who gets it and what it is, and confirms both.</summary>
internal static class GiveGift
{
    public const string Guest = "give.guest";
    public const string To = "give.to";
    public const string Title = "give.title";
    public const string Sure = "give.sure";

    private const int LongestTitle = 100;

    private const string Yes = "yes";

    /// <param name="Began">The update in which the guest was chosen; the idempotency key, so that one dialogue gives one gift.</param>
    public sealed record Draft(long Began, UserId UserId, string Title = "");

    public static Task AskGuest(Turn turn, CancellationToken ct) => GuestSearch.Ask(turn, Guest, "give.guest", ct);

    public static async Task ReadGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.Read(turn, To, ct) is { } guest)
        {
            await AskTitle(turn, new Draft(turn.Input.UpdateId, guest.UserId), guest, ct);
        }
    }

    public static async Task ReadPressedGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.ReadPressed(turn, ct) is { } guest)
        {
            await AskTitle(turn, new Draft(turn.Input.UpdateId, guest.UserId), guest, ct);
        }
    }

    /// <summary>Also runs when the barista types another title instead of confirming the first.</summary>
    public static async Task ReadTitle(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<Draft>();
        if (TitleIn(turn) is not { } title)
        {
            await turn.Reply.Say("give.title_wrong", ct, ("longest", (long)LongestTitle));
        }
        else if (await GuestSearch.Get(turn, draft.UserId, ct) is { } guest)
        {
            await turn.Reply.Ask(
                Sure, draft with { Title = title }, "give.sure",
                new InlineKeyboardMarkup(
                    turn.Texts.Button("button.give_sure", $"{Sure}:{Yes}"), turn.Texts.Button("button.give_other", $"{Sure}:no")),
                ct, ("title", title), ("guest", guest.ShownIn(turn)));
        }
        else
        {
            await Refuse(turn, LoyaltyErrors.GuestNotFound.Code, ct);
        }
    }

    public static async Task ReadConfirmation(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<Draft>();
        if (turn.Input.Argument == Yes || turn.Input.Says("button.give_sure") || turn.Input.Says("words.confirm"))
        {
            await Give(turn, draft, ct);
        }
        else if (turn.Input.Button is null && !turn.Input.Says("button.give_other") && !turn.Input.Says("words.refuse"))
        {
            await ReadTitle(turn, ct);
        }
        else if (await GuestSearch.Get(turn, draft.UserId, ct) is { } guest)
        {
            await AskTitle(turn, draft, guest, ct);
        }
        else
        {
            await Refuse(turn, LoyaltyErrors.GuestNotFound.Code, ct);
        }
    }

    private static Task AskTitle(Turn turn, Draft draft, FoundGuest guest, CancellationToken ct)
    {
        var suggestions = BotText.List(turn.Chat.Language, "give.suggestions");
        return turn.Reply.Ask(
            Title, draft with { Title = "" }, "give.title",
            new InlineKeyboardMarkup(suggestions.Index().Select(suggestion => new[]
            {
                InlineKeyboardButton.WithCallbackData(suggestion.Item, $"{Title}:{suggestion.Index}"),
            })),
            ct, ("guest", guest.ShownIn(turn)));
    }

    private static string? TitleIn(Turn turn)
    {
        if (turn.Input.Button is null)
        {
            return turn.Input.Text is { Length: > 0 and <= LongestTitle } typed && !typed.Contains('\n', StringComparison.Ordinal) ? typed : null;
        }

        var suggestions = BotText.List(turn.Chat.Language, "give.suggestions");
        return int.TryParse(turn.Input.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < suggestions.Count
            ? suggestions[index]
            : null;
    }

    private static async Task Give(Turn turn, Draft draft, CancellationToken ct)
    {
        Gift gift;
        try
        {
            gift = await turn.Gateway.Post<Gift>("/api/loyalty/gifts", new { draft.UserId, draft.Title }, $"gift:{draft.Began}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(
            LoyaltyErrors.GiftOwn, LoyaltyErrors.GuestNotFound, LoyaltyErrors.GuestErased, LoyaltyErrors.ManualLimitReached,
            // The answer was lost, and the gift was given with another title.
            PlatformErrors.IdempotencyKeyReused))
        {
            await Refuse(turn, refused.Code, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.ValidationFailed))
        {
            await turn.Reply.Ask(Title, draft with { Title = "" }, "give.title_wrong", keyboard: null, ct, ("longest", (long)LongestTitle));
            return;
        }

        turn.Chat.Finish();
        await turn.Reply.ReplaceLines(
            keyboard: null, ct,
            turn.Texts.Line("give.done", ("title", gift.Title), ("guest", new GuestAtCounter(gift.UserId, gift.Name).ShownIn(turn))),
            gift.ExpiresAt is { } end ? turn.Texts.Line("give.until", ("date", turn.Wall.DayOf(end))) : null,
            turn.Texts.Line("give.notified"));
        await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
    }

    private static async Task Refuse(Turn turn, string code, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.Say($"give.{code}", await Counter.Menu(turn, ct), ct);
    }

    private sealed record Gift(GiftId GiftId, UserId UserId, string? Name, string Title, DateTimeOffset? ExpiresAt);
}
