using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Shows the member card: a picture of its QR code, or only the number while QR codes are switched off.</summary>
internal static class ShowCard
{
    /// <summary>The button for a new QR code, since each is valid for a minute or two.</summary>
    public const string Refresh = "card.refresh";

    /// <summary>How long a code is accepted after <c>RefreshAt</c>.</summary>
    private static readonly TimeSpan AcceptedFor = TimeSpan.FromMinutes(1);

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        // Before its picture: if the minute changes in between, the code is valid for longer than stated, not shorter.
        var card = await turn.Gateway.Get<Card>("/api/users/me/card", ct);
        turn.Chat.Finish();
        if (card.RefreshAt is not { } refreshAt || await Picture(turn, ct) is not { } png)
        {
            await turn.Reply.Toast("feature_off", ct);
            await turn.Reply.SayLines(Welcome.Menu(turn), ct, LinesOf(turn, card));
            return;
        }

        await turn.Reply.ShowPhoto(
            png, new InlineKeyboardMarkup([[turn.Texts.Button("button.card_anew", Refresh)], [turn.Texts.Button("menu.code", PaymentCode.Another)]]), ct,
            // A duration, since the phone's clock may be in another time zone.
            [.. LinesOf(turn, card), turn.Texts.Line("card.valid_for", ("time", (long)(refreshAt + AcceptedFor - turn.Now).TotalSeconds))]);
    }

    private static async Task<byte[]?> Picture(Turn turn, CancellationToken ct)
    {
        try
        {
            return await turn.Gateway.GetBytes("/api/users/me/card.png", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.FeatureOff))
        {
            return null;
        }
    }

    private static string?[] LinesOf(Turn turn, Card card) =>
    [
        turn.Texts.Line("card", ("name", card.FullName), ("number", card.MemberId)),
        card is { Type: MembershipTypes.Premium, Expires: { } end }
            ? turn.Texts.Line("card.premium", ("date", turn.Wall.DayOf(end)))
            : turn.Texts.Line("card.free"),
        // People mistake the card's QR code for the payment code.
        turn.Texts.Line("card.not_for_points"),
    ];

    /// <param name="RefreshAt">When a new code is due; null while QR codes are switched off.</param>
    private sealed record Card(string MemberId, string FullName, string Type, DateTimeOffset? Expires, DateTimeOffset? RefreshAt);
}
