using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>A guest's member card: by the link in its QR code, which opens this bot, or by the number under it.</summary>
internal static class CheckCard
{
    public const string Number = "card_check.number";

    private const string Prefix = "MNT";

    /// <summary>What may be typed as a number: eight characters after the prefix, and some more when they were set apart.</summary>
    private const int LongestNumber = 30;

    /// <summary>A number of a card, or what its QR code says: whether it is a real one the gateway knows.</summary>
    public static bool IsCard(string text) => text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static async Task AskNumber(Turn turn, CancellationToken ct)
    {
        if (await turn.IsOn(Features.Qr, ct))
        {
            await turn.Ask(
                Number, form: null, "card_check.number", new ReplyKeyboardMarkup(new KeyboardButton(turn.Label("menu.cancel"))) { ResizeKeyboard = true }, ct);
        }
        else
        {
            // From a keyboard of before it was switched off.
            await turn.Say("card_check.feature_off", await Counter.Menu(turn, ct), ct);
        }
    }

    public static async Task TakeNumber(Turn turn, CancellationToken ct)
    {
        if (turn.Text is not { } typed)
        {
            // A picture of the code, say: the bot reads none.
            await turn.Say("card_check.number", ct);
        }
        else if (await Show(turn, typed, ct))
        {
            turn.Chat.Finish();
            await turn.Say("order.next", await Counter.Menu(turn, ct), ct);
        }
    }

    /// <param name="card">What a person may have typed, or the end of a link.</param>
    /// <returns>False when it is of no card: the barista was told, and may try again.</returns>
    public static async Task<bool> Show(Turn turn, string card, CancellationToken ct)
    {
        var isNumber = card.Length <= LongestNumber;
        Member member;
        try
        {
            member = await turn.Gateway.Post<Member>("/api/members/verify", isNumber ? new { memberId = card } : new { token = card }, ct);
        }
        catch (GatewayRefusedException refused) when (
            refused.Code == UsersErrors.TokenStale.Code || refused.Code == UsersErrors.TokenForged.Code || refused.Code == UsersErrors.MemberIdMistyped.Code
            || refused.Code == UsersErrors.MemberNotFound.Code || refused.Code == PlatformErrors.FeatureOff.Code)
        {
            await turn.Say($"card_check.{refused.Code}", ct, ("button", turn.Label("button.card_anew")));
            return false;
        }
        // Longer than any token.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.ValidationFailed.Code)
        {
            await turn.Say($"card_check.{UsersErrors.TokenForged.Code}", ct);
            return false;
        }

        await turn.SayLines(
            keyboard: null, ct,
            turn.Line("card_check", ("name", member.FullName), ("number", member.MemberId)),
            member is { Type: MembershipTypes.Premium, Expires: { } end } ? turn.Line("card_check.premium", ("date", turn.Wall.DayOf(end))) : turn.Line("card_check.free"),
            member.IsActive ? null : turn.Line("card_check.blocked"));
        return true;
    }

    /// <param name="IsActive">False while the guest is blocked.</param>
    private sealed record Member(string MemberId, string FullName, string Type, DateTimeOffset? Expires, bool IsActive);
}
