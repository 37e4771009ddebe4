using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Features;
using Platform.ServiceDefaults.Web;

namespace Platform.Bots.BaristaBot;

/// <summary>Checks a guest's member card by the link in its QR code, which opens this bot, or by its number.</summary>
internal static class CheckCard
{
    public const string Number = "card_check.number";

    private const string Prefix = "MNT";

    private const int LongestNumber = 30;

    public static bool IsCard(string text) => text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static async Task AskNumber(Turn turn, CancellationToken ct)
    {
        if (await FeatureSwitches.IsOn(turn.Db, Features.Qr, ct))
        {
            await turn.Reply.Ask(Number, form: null, "card_check.number", turn.Texts.Keyboard(oneTime: false, "menu.cancel"), ct);
        }
        else
        {
            // A keyboard from before the feature was switched off.
            await turn.Reply.Say("card_check.feature_off", await Counter.Menu(turn, ct), ct);
        }
    }

    public static async Task ReadNumber(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Text is not { } typed)
        {
            // Such as a picture of the code, which the bot cannot read.
            await turn.Reply.Say("card_check.number", ct);
        }
        else if (await Show(turn, typed, ct))
        {
            turn.Chat.Finish();
            await turn.Reply.Say("order.next", await Counter.Menu(turn, ct), ct);
        }
    }

    /// <param name="card">As typed, or the end of a link.</param>
    /// <returns>False when there is no such card; the barista got a message and may try again.</returns>
    public static async Task<bool> Show(Turn turn, string card, CancellationToken ct)
    {
        var isNumber = card.Length <= LongestNumber;
        Member member;
        try
        {
            member = await turn.Gateway.Post<Member>("/api/members/verify", isNumber ? new { memberId = card } : new { token = card }, ct);
        }
        catch (GatewayRefusedException refused) when (
            refused.Is(UsersErrors.TokenStale, UsersErrors.TokenForged, UsersErrors.MemberIdMistyped, UsersErrors.MemberNotFound, PlatformErrors.FeatureOff))
        {
            await turn.Reply.Say($"card_check.{refused.Code}", ct, ("button", turn.Texts.Label("button.card_anew")));
            return false;
        }
        // It is longer than any token.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.ValidationFailed))
        {
            await turn.Reply.Say($"card_check.{UsersErrors.TokenForged.Code}", ct);
            return false;
        }

        var guest = member.IsActive ? await GuestSearch.GetByCard(turn, member.MemberId, ct) : null;
        await turn.Reply.SayLines(
            guest is null ? null : FindGuest.Actions(turn, guest), ct,
            turn.Texts.Line("card_check", ("name", member.FullName), ("number", member.MemberId)),
            member is { Type: MembershipTypes.Premium, Expires: { } end }
                ? turn.Texts.Line("card_check.premium", ("date", turn.Wall.DayOf(end)))
                : turn.Texts.Line("card_check.free"),
            member.IsActive ? null : turn.Texts.Line("card_check.blocked"));
        return true;
    }

    private sealed record Member(string MemberId, string FullName, string Type, DateTimeOffset? Expires, bool IsActive);
}
