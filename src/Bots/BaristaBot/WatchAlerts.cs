using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Shows managers the alerts that no one has looked at yet, each with a button to mark it as seen.</summary>
internal static class WatchAlerts
{
    public const string Seen = "alert.seen";

    private const int AlertsAtOnce = 5;

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        if (await Counter.Me(turn, ct, may: staff => staff.IsManager) is not { StaffId: not null } me)
        {
            await Counter.ExplainStaffOnly(turn, ct);
            return;
        }

        turn.Chat.Finish();
        if (!me.IsManager)
        {
            await turn.Reply.Say("alert.forbidden", await Counter.Menu(turn, ct), ct);
            return;
        }

        var (keyboard, lines) = await Unseen(turn, ct);
        await turn.Reply.SayLines(keyboard is null ? await Counter.Menu(turn, ct) : keyboard, ct, lines);
    }

    public static async Task MarkAsSeen(Turn turn, CancellationToken ct)
    {
        if (!AlertId.TryParse(turn.Input.Argument, provider: null, out var alert))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return;
        }

        try
        {
            await turn.Gateway.Post($"/api/loyalty/alerts/{alert}/seen", body: null, ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.AlertNotFound))
        {
            await turn.Reply.Toast("alert.alert_not_found", ct);
        }
        // No longer a manager.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.Forbidden))
        {
            await turn.Reply.Replace("alert.forbidden", keyboard: null, ct);
            return;
        }

        var (keyboard, lines) = await Unseen(turn, ct);
        await turn.Reply.ReplaceLines(keyboard, ct, lines);
    }

    private static async Task<(InlineKeyboardMarkup? Keyboard, string?[] Lines)> Unseen(Turn turn, CancellationToken ct)
    {
        var alerts = await turn.Gateway.Get<Alerts>($"/api/loyalty/alerts?unseen=true&limit={AlertsAtOnce}", ct);
        if (alerts.Items.Count == 0)
        {
            return (null, [turn.Texts.Line("alert.none")]);
        }

        return (
            new InlineKeyboardMarkup(alerts.Items.Select(alert => new[]
            {
                turn.Texts.Button("button.alert_seen", $"{Seen}:{alert.Id}", ("alert", $"{alert.Id}")),
            })),
            [
                turn.Texts.Line("alert.title"),
                .. alerts.Items.Select(alert => LineOf(turn, alert)),
                alerts.Next is null ? null : turn.Texts.Line("alert.more"),
            ]);
    }

    private static string LineOf(Turn turn, Alert alert) => turn.Texts.Line(
        "alert.line",
        ("alert", $"{alert.Id}"), ("date", turn.Wall.DayOf(alert.RaisedAt)), ("time", turn.Wall.TimeOf(alert.RaisedAt)),
        ("kind", BotText.Word(turn.Chat.Language, "alert.kind", alert.Kind.ToLowerInvariant())),
        ("staff", $"{alert.StaffId}"),
        ("guest", alert.User is { } user ? new GuestAtCounter(user.UserId, user.Name).ShownIn(turn) : turn.Texts.Label("guest.unnamed")));

    private sealed record Alerts(IReadOnlyList<Alert> Items, AlertId? Next);

    private sealed record Alert(AlertId Id, string Kind, StaffId? StaffId, AlertUser? User, DateTimeOffset RaisedAt);

    private sealed record AlertUser(UserId UserId, string? Name);
}
