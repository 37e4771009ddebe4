using System.Text.RegularExpressions;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>Finds the guest whom a barista means, by payment code, card number or the last four digits of the phone.</summary>
internal static partial class GuestSearch
{
    public static Task Ask(Turn turn, string step, string question, CancellationToken ct) =>
        turn.Reply.Ask(step, form: null, question, turn.Texts.Keyboard(oneTime: false, "menu.cancel"), ct);

    /// <summary>Reads what the barista typed. Several guests may have the same digits: then a button per guest is shown.</summary>
    /// <param name="button">Its argument is the chosen guest's id.</param>
    /// <returns>Null unless exactly one guest was found; the barista got a message.</returns>
    public static async Task<FoundGuest?> Read(Turn turn, string button, CancellationToken ct)
    {
        if (turn.Input.Text is not { } typed || QueryOf(typed) is not { } query)
        {
            await turn.Reply.Say("find.wrong", ct);
            return null;
        }

        IReadOnlyList<FoundGuest> found;
        try
        {
            found = await Find(turn, query, ct);
        }
        catch (GatewayRefusedException refused) when (IsAboutGuest(refused))
        {
            await turn.Reply.Say($"find.{refused.Code}", ct);
            return null;
        }
        // Not the form of a card number.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.ValidationFailed, PlatformErrors.RequestInvalid))
        {
            await turn.Reply.Say("find.wrong", ct);
            return null;
        }

        switch (found)
        {
            case []:
                await turn.Reply.Say("find.guest_not_found", ct);
                return null;
            case [var only]:
                return only;
            default:
                await turn.Reply.Say(
                    "find.several",
                    new InlineKeyboardMarkup(found.Select(guest => new[]
                    {
                        turn.Texts.Button(
                            "button.guest", $"{button}:{guest.UserId}",
                            ("guest", guest.ShownIn(turn)), ("level", guest.LevelIn(turn)), ("points", guest.Points)),
                    })),
                    ct);
                return null;
        }
    }

    /// <summary>Looks up the guest of a pressed button.</summary>
    /// <returns>Null when the guest is gone; the barista got a message.</returns>
    public static async Task<FoundGuest?> ReadPressed(Turn turn, CancellationToken ct)
    {
        if (!UserId.TryParse(turn.Input.Argument, provider: null, out var user))
        {
            await turn.Reply.Toast("button.outdated", ct);
            return null;
        }

        if (await Get(turn, user, ct) is not { } guest)
        {
            await turn.Reply.Toast("find.gone", ct);
            return null;
        }

        return guest;
    }

    /// <returns>Null when there is no such guest, or they have erased their data.</returns>
    public static async Task<FoundGuest?> Get(Turn turn, UserId user, CancellationToken ct)
    {
        try
        {
            return await Find(turn, $"userId={user}", ct) is [var guest] ? guest : null;
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.GuestNotFound))
        {
            return null;
        }
    }

    /// <returns>Null when the member has no account.</returns>
    public static async Task<FoundGuest?> GetByCard(Turn turn, string number, CancellationToken ct)
    {
        try
        {
            return await Find(turn, $"memberId={Uri.EscapeDataString(number)}", ct) is [var guest] ? guest : null;
        }
        catch (GatewayRefusedException refused) when (IsAboutGuest(refused))
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<FoundGuest>> Find(Turn turn, string query, CancellationToken ct) =>
        (await turn.Gateway.Get<Guests>($"/api/loyalty/guests?{query}", ct)).Items;

    private static string? QueryOf(string typed)
    {
        if (CheckCard.IsCard(typed))
        {
            return $"memberId={Uri.EscapeDataString(typed.ToUpperInvariant())}";
        }

        if (TakeOrder.IsCode(typed))
        {
            return $"code={TakeOrder.Digits(typed)}";
        }

        // Guests name four digits, or the whole number.
        return Phone().IsMatch(typed) && string.Concat(typed.Where(char.IsAsciiDigit)) is { Length: 4 or >= 10 } digits
            ? $"phoneLast4={digits[^4..]}"
            : null;
    }

    private static bool IsAboutGuest(GatewayRefusedException refused) => refused.Is(
        LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn,
        LoyaltyErrors.GiftOwn, LoyaltyErrors.GuestNotFound, UsersErrors.MemberIdMistyped);

    [GeneratedRegex(@"^\+?[0-9 ()\-\u00a0]{4,25}\z")]
    private static partial Regex Phone();

    private sealed record Guests(IReadOnlyList<FoundGuest> Items);
}

/// <param name="Name">Shortened, such as <c>Анна С.</c>; null when unknown.</param>
/// <param name="Gifts">The gifts that the guest can redeem now.</param>
internal sealed record FoundGuest(UserId UserId, string? Name, string Level, Points Points, Points Debt, long Gifts)
{
    public string ShownIn(Turn turn) => new GuestAtCounter(UserId, Name).ShownIn(turn);

    public string LevelIn(Turn turn) => BotText.Word(turn.Chat.Language, "level", Level);
}
