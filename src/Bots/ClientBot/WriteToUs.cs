using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Takes an idea, or a message to the management. A reply comes as a notification.</summary>
internal static class WriteToUs
{
    public const string Idea = "idea.text";
    public const string CancelIdea = "idea.cancel";
    public const string Letter = "letter_to.text";
    public const string CancelLetter = "letter_to.cancel";

    /// <param name="Began">The update with which it began; the idempotency key.</param>
    public sealed record Draft(long Began);

    public static async Task BeginIdea(Turn turn, CancellationToken ct)
    {
        // Forbidden for people who have not registered, who are led to the registration before they write anything.
        await turn.Gateway.Get<Me>("/api/users/me", ct);
        await AskIdea(turn, new Draft(turn.Input.UpdateId), ct);
    }

    public static Task AskIdea(Turn turn, Draft draft, CancellationToken ct) =>
        turn.Reply.Ask(Idea, draft, "idea", new InlineKeyboardMarkup(turn.Texts.Button("menu.cancel", CancelIdea)), ct);

    public static Task ReadIdea(Turn turn, CancellationToken ct) => Read(turn, "idea", "idea.sent", ct);

    public static async Task BeginLetter(Turn turn, CancellationToken ct)
    {
        await turn.Gateway.Get<Me>("/api/users/me", ct);
        await AskLetter(turn, new Draft(turn.Input.UpdateId), ct);
    }

    public static Task AskLetter(Turn turn, Draft draft, CancellationToken ct) =>
        turn.Reply.Ask(Letter, draft, "letter_to", new InlineKeyboardMarkup(turn.Texts.Button("menu.cancel", CancelLetter)), ct);

    public static Task ReadLetter(Turn turn, CancellationToken ct) => Read(turn, "message", "letter_to.sent", ct);

    /// <summary>By the button under a question, here or of <see cref="LeaveReview"/>.</summary>
    public static async Task Cancel(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.Replace("letter_to.cancelled", keyboard: null, ct);
    }

    /// <summary>Whether a question is open whose answer would have been sent.</summary>
    public static bool IsUnderWay(Turn turn) => turn.Chat.Step is Idea or Letter or LeaveReview.Rating or LeaveReview.Text;

    public static async Task Send(Turn turn, string path, object body, string key, CancellationToken ct)
    {
        try
        {
            await turn.Gateway.Post<Sent>(path, body, key, ct);
        }
        // The answer was lost, and the guest wrote something else since: the first text has arrived.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.IdempotencyKeyReused))
        {
        }
    }

    private static async Task Read(Turn turn, string kind, string thanks, CancellationToken ct)
    {
        if (turn.Input.Text is not { Length: > 0 } text)
        {
            await turn.Reply.Say("letter_to.text_only", ct);
            return;
        }

        try
        {
            await Send(turn, $"/api/loyalty/feedback/{kind}", new { text }, $"{kind}:{turn.Chat.FormAs<Draft>().Began}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Fields.Contains("text"))
        {
            await turn.Reply.Say("letter_to.too_long", ct);
            return;
        }

        turn.Chat.Finish();
        await turn.Reply.Say(thanks, Welcome.Menu(turn), ct);
    }

    private sealed record Sent;
}
