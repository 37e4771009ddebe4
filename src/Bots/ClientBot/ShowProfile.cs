using Platform.Bots.Conversations;
using Platform.Bots.Texts;
using Platform.Contracts;

namespace Platform.Bots.ClientBot;

internal static class ShowProfile
{
    private const int BarLength = 10;

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var me = await turn.Gateway.Get<Me>("/api/users/me", ct);
        var account = await turn.Gateway.Get<Account>("/api/loyalty/accounts/me", ct);

        turn.Chat.Language = me.Language;
        turn.Chat.Finish();
        await turn.Reply.SayLines(
            Welcome.Menu(turn), ct,
            turn.Texts.Line("profile", ("name", me.FullName), ("level", Level(account.Level)), ("points", account.Points)),
            account.Debt > Points.Zero ? turn.Texts.Line("profile.debt", ("debt", account.Debt)) : null,
            account.NextLevel is { } next
                ? turn.Texts.Line(
                    "profile.next_level", ("bar", Bar(account.LifetimePoints, next.PointsLeft)), ("left", next.PointsLeft), ("level", Level(next.Key)))
                : turn.Texts.Line("profile.highest_level"),
            me.Phone is null ? null : turn.Texts.Line(
                "profile.phone", ("phone", me.Phone), ("verified", turn.Texts.Line(me.PhoneVerified ? "phone.verified" : "phone.unverified"))),
            me.City is null ? null : turn.Texts.Line("profile.city", ("city", me.City)),
            me.BirthDate is null ? null : turn.Texts.Line("profile.birth_date", ("date", me.BirthDate)),
            "",
            await PointsRules.LineOf(turn, account.Level, ct));

        string Level(string key) => BotText.Word(me.Language, "level", key);
    }

    private static string Bar(Points done, Points left)
    {
        var whole = done + left;
        var filled = whole > Points.Zero ? (int)(done.Value * BarLength / whole.Value) : 0;
        return new string('▰', filled) + new string('▱', BarLength - filled);
    }

    private sealed record Account(Points Points, Points Debt, string Level, Points LifetimePoints, NextLevel? NextLevel);

    private sealed record NextLevel(string Key, Points PointsLeft);
}
