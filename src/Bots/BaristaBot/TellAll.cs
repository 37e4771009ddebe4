using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Sends all guests a message, for staff with the right to broadcast. Shows it as guests will see it, and asks to confirm.</summary>
internal static class TellAll
{
    public const string Text = "all.text";
    public const string Sure = "all.sure";

    private const string Yes = "yes";

    /// <param name="Began">The update with which the dialogue began; the idempotency key, so that one dialogue sends one message.</param>
    public sealed record Draft(long Began, string Message = "");

    public static async Task AskText(Turn turn, CancellationToken ct)
    {
        if (await Counter.Me(turn, ct, may: staff => staff.Broadcast) is not { StaffId: not null } me)
        {
            await Counter.ExplainStaffOnly(turn, ct);
        }
        else if (me.Broadcast)
        {
            await turn.Reply.Ask(Text, new Draft(turn.Input.UpdateId), "all.text", TellGuest.Cancellable(turn), ct);
        }
        else
        {
            await Forbid(turn, ct);
        }
    }

    /// <summary>Also runs when another text is typed instead of confirming the first.</summary>
    public static async Task ReadText(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Text is { Length: > 0 and <= TellGuest.LongestText } text)
        {
            await turn.Reply.Ask(
                Sure, turn.Chat.FormAs<Draft>() with { Message = text }, "all.sure",
                new InlineKeyboardMarkup(turn.Texts.Button("button.all_sure", $"{Sure}:{Yes}"), turn.Texts.Button("button.tell_other", $"{Sure}:no")),
                ct, ("text", text));
        }
        else
        {
            await turn.Reply.Say("tell.text_wrong", ct, ("longest", (long)TellGuest.LongestText));
        }
    }

    public static async Task ReadConfirmation(Turn turn, CancellationToken ct)
    {
        var draft = turn.Chat.FormAs<Draft>();
        if (turn.Input.Argument == Yes || turn.Input.Says("button.all_sure") || turn.Input.Says("words.confirm"))
        {
            await Send(turn, draft, ct);
        }
        else if (turn.Input.Button is null && !turn.Input.Says("button.tell_other") && !turn.Input.Says("words.refuse"))
        {
            await ReadText(turn, ct);
        }
        else
        {
            await turn.Reply.Ask(Text, draft with { Message = "" }, "tell.text_again", TellGuest.Cancellable(turn), ct);
        }
    }

    private static async Task Send(Turn turn, Draft draft, CancellationToken ct)
    {
        Sent sent;
        try
        {
            sent = await turn.Gateway.Post<Sent>("/api/notifications/messages", new { Segment = "all", Text = draft.Message }, $"tell:{draft.Began}", ct);
        }
        // The right was withdrawn in the meantime.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.Forbidden))
        {
            await Forbid(turn, ct);
            return;
        }
        // The answer was lost, and another text was sent.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.IdempotencyKeyReused))
        {
            turn.Chat.Finish();
            await turn.Reply.Say("tell.idempotency_key_reused", await Counter.Menu(turn, ct), ct);
            return;
        }
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.ValidationFailed))
        {
            await turn.Reply.Ask(
                Text, draft with { Message = "" }, "tell.text_wrong", TellGuest.Cancellable(turn), ct, ("longest", (long)TellGuest.LongestText));
            return;
        }

        turn.Chat.Finish();
        await turn.Reply.Replace("all.done", keyboard: null, ct, ("recipients", sent.Recipients));
        await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
    }

    private static async Task Forbid(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.Say("all.forbidden", await Counter.Menu(turn, ct), ct);
    }

    private sealed record Sent(long Recipients);
}
