using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Sends one guest a message, through the bot that they use. Shows it as they will see it, and asks to confirm.</summary>
internal static class TellGuest
{
    public const string Guest = "tell.guest";
    public const string To = "tell.to";
    public const string Text = "tell.text";
    public const string Sure = "tell.sure";

    public const int LongestText = 1000;

    private const string Yes = "yes";

    /// <param name="Began">The update in which the guest was chosen; the idempotency key, so that one dialogue sends one message.</param>
    public sealed record Draft(long Began, UserId UserId, string Message = "");

    public static Task AskGuest(Turn turn, CancellationToken ct) => GuestSearch.Ask(turn, Guest, "tell.guest", ct);

    public static async Task ReadGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.Read(turn, To, ct) is { } guest)
        {
            await AskText(turn, guest, ct);
        }
    }

    public static async Task ReadPressedGuest(Turn turn, CancellationToken ct)
    {
        if (await GuestSearch.ReadPressed(turn, ct) is { } guest)
        {
            await AskText(turn, guest, ct);
        }
    }

    /// <summary>Also runs when the barista types another text instead of confirming the first.</summary>
    public static async Task ReadText(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<Draft>();
        if (turn.Input.Text is not { Length: > 0 and <= LongestText } text)
        {
            await turn.Reply.Say("tell.text_wrong", ct, ("longest", (long)LongestText));
        }
        else if (await GuestSearch.Get(turn, draft.UserId, ct) is { } guest)
        {
            await turn.Reply.Ask(
                Sure, draft with { Message = text }, "tell.sure",
                new InlineKeyboardMarkup(
                    turn.Texts.Button("button.tell_sure", $"{Sure}:{Yes}"), turn.Texts.Button("button.tell_other", $"{Sure}:no")),
                ct, ("guest", guest.ShownIn(turn)), ("text", text));
        }
        else
        {
            await Refuse(turn, UsersErrors.UserNotFound.Code, ct);
        }
    }

    public static async Task ReadConfirmation(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Argument == Yes || turn.Input.Says("button.tell_sure") || turn.Input.Says("words.confirm"))
        {
            await Send(turn, turn.Chat.FormAs<Draft>(), ct);
        }
        else if (turn.Input.Button is null && !turn.Input.Says("button.tell_other") && !turn.Input.Says("words.refuse"))
        {
            await ReadText(turn, ct);
        }
        else
        {
            await turn.Reply.Ask(Text, turn.Chat.FormAs<Draft>() with { Message = "" }, "tell.text_again", Cancellable(turn), ct);
        }
    }

    public static ReplyKeyboardMarkup Cancellable(Turn turn) => turn.Texts.Keyboard(oneTime: false, "menu.cancel");

    private static Task AskText(Turn turn, FoundGuest guest, CancellationToken ct) => turn.Reply.Ask(
        Text, new Draft(turn.Input.UpdateId, guest.UserId), "tell.text", Cancellable(turn), ct, ("guest", guest.ShownIn(turn)));

    private static async Task Send(Turn turn, Draft draft, CancellationToken ct)
    {
        try
        {
            await turn.Gateway.Post<Sent>("/api/notifications/messages", new { draft.UserId, Text = draft.Message }, $"tell:{draft.Began}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(
            UsersErrors.UserNotFound,
            // The answer was lost, and another text was sent.
            PlatformErrors.IdempotencyKeyReused))
        {
            await Refuse(turn, refused.Code, ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.ValidationFailed))
        {
            await turn.Reply.Ask(Text, draft with { Message = "" }, "tell.text_wrong", Cancellable(turn), ct, ("longest", (long)LongestText));
            return;
        }

        turn.Chat.Finish();
        await turn.Reply.Replace("tell.done", keyboard: null, ct);
        await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
    }

    private static async Task Refuse(Turn turn, string code, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.Say($"tell.{code}", await Counter.Menu(turn, ct), ct);
    }

    private sealed record Sent(long Recipients);
}
