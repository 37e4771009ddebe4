using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>The member card: its QR code as a picture, or the number alone while the codes are switched off.</summary>
internal static class ShowCard
{
    /// <summary>The button that has the code drawn again: it is good for a minute or two.</summary>
    public const string Refresh = "card.anew";

    /// <summary>How long a code is accepted after the moment from which a new one is to be shown.</summary>
    private static readonly TimeSpan AcceptedFor = TimeSpan.FromMinutes(1);

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        // The card before its picture: should the minute change in between, the code is good for longer than is said of it.
        var card = await turn.Gateway.Get<Card>("/api/users/me/card", ct);
        turn.Chat.Finish();
        if (card.RefreshAt is not { } refreshAt || await Picture(turn, ct) is not { } png)
        {
            await turn.Toast("feature_off", ct);
            await turn.SayLines(Welcome.Menu(turn), ct, LinesOf(turn, card));
            return;
        }

        await turn.ShowPhoto(
            png, new InlineKeyboardMarkup([[turn.Pressable("button.card_anew", Refresh)], [turn.Pressable("menu.code", PaymentCode.Another)]]), ct,
            // For so many minutes, and not until a time: the clock of the phone may be another than that of the business.
            [.. LinesOf(turn, card), turn.Line("card.valid_for", ("time", (long)(refreshAt + AcceptedFor - turn.Now).TotalSeconds))]);
    }

    private static async Task<byte[]?> Picture(Turn turn, CancellationToken ct)
    {
        try
        {
            return await turn.Gateway.GetBytes("/api/users/me/card.png", ct);
        }
        // Since a moment ago.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.FeatureOff.Code)
        {
            return null;
        }
    }

    private static string?[] LinesOf(Turn turn, Card card) =>
    [
        turn.Line("card", ("name", card.FullName), ("number", card.MemberId)),
        card is { Type: MembershipTypes.Premium, Expires: { } end } ? turn.Line("card.premium", ("date", turn.Wall.DayOf(end))) : turn.Line("card.free"),
        // People take the card's code for the one that brings points.
        turn.Line("card.not_for_points"),
    ];

    /// <param name="RefreshAt">From when on the code is to be shown anew; null while the codes are switched off.</param>
    private sealed record Card(string MemberId, string FullName, string Type, DateTimeOffset? Expires, DateTimeOffset? RefreshAt);
}
