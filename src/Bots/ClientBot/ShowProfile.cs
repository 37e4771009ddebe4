using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

internal static class ShowProfile
{
    private const int BarLength = 10;

    private const int LastEntries = 3;

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        var account = await turn.Gateway.Get<Account>("/api/loyalty/accounts/me", ct);
        var entries = await PointsHistory.Last(turn, LastEntries, ct);
        var rules = await PointsRules.Read(turn, ct);

        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Reply.SayLines(
            entries.Items.Count == 0 ? Welcome.Menu(turn) : new InlineKeyboardMarkup(
                [.. PointsHistory.Buttons(turn, entries), [turn.Texts.Button("button.points_history", PointsHistory.Page)]]),
            ct,
            turn.Texts.Line("profile", ("name", me.FullName), ("level", Level(account.Level)), ("points", account.Points)),
            account.PointsExpiring is { } expiring && expiring.Points > Points.Zero
                ? turn.Texts.Line("profile.expiring", ("points", expiring.Points), ("date", expiring.On))
                : null,
            account.Debt > Points.Zero ? turn.Texts.Line("profile.debt", ("debt", account.Debt)) : null,
            account.NextLevel is { } next
                ? turn.Texts.Line(
                    "profile.next_level", ("bar", Bar(account.LifetimePoints, next.PointsLeft)), ("left", next.PointsLeft), ("level", Level(next.Key)))
                : turn.Texts.Line("profile.highest_level"),
            entries.Items.Count == 0 ? null
                : string.Join('\n', [turn.Texts.Line("profile.last"), .. entries.Items.Select(entry => PointsHistory.LineOf(turn, entry))]),
            me.Phone is null ? null : turn.Texts.Line(
                "profile.phone", ("phone", me.Phone), ("verified", turn.Texts.Line(me.PhoneVerified ? "phone.verified" : "phone.unverified"))),
            me.City is null ? null : turn.Texts.Line("profile.city", ("city", me.City)),
            me.BirthDate is null ? null : turn.Texts.Line("profile.birth_date", ("date", me.BirthDate)),
            PointsRules.InvitationOf(turn, rules, me.ReferralCode),
            "",
            PointsRules.LineOf(turn, rules, account.Level));

        string Level(string key) => BotText.Word(me.Language, "level", key);
    }

    private static string Bar(Points done, Points left)
    {
        var whole = done + left;
        var filled = whole > Points.Zero ? (int)(done.Value * BarLength / whole.Value) : 0;
        return new string('▰', filled) + new string('▱', BarLength - filled);
    }

    private sealed record Account(
        Points Points, Points Debt, string Level, Points LifetimePoints, NextLevel? NextLevel, Expiring? PointsExpiring = null);

    /// <param name="On">The first day on which they expire.</param>
    private sealed record Expiring(Points Points, DateOnly On);

    private sealed record NextLevel(string Key, Points PointsLeft);
}
