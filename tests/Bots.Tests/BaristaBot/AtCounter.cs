using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

/// <summary>What the tests of the counter bot begin with.</summary>
internal static class AtCounter
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The counter bot's chat with a new member of the staff, who has just started it.</summary>
    /// <inheritdoc cref="PlatformApp.AddStaff"/>
    public static async Task<SandboxChat> GivenCounter(this TelegramApp app, string role = "barista", bool broadcast = false)
    {
        var counter = (await app.GivenBarista(role: role, broadcast: broadcast)).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");
        return counter;
    }

    /// <summary>Gives a gift through the service, by a member of the staff who is in no chat.</summary>
    public static async Task GivenGift(this TelegramApp app, SandboxPerson guest, string title)
    {
        var given = await app.Post(app.Loyalty, "/api/loyalty/gifts", await app.Barista(), new { userId = await app.UserOf(guest), title });
        given.Status.ShouldBe(System.Net.HttpStatusCode.Created, given.Body);
    }

    /// <summary>Opens the guest's card, which gives it its number, and waits until the loyalty service knows it.</summary>
    public static async Task<string> CardOf(this TelegramApp app, SandboxPerson guest)
    {
        var user = await app.UserOf(guest);
        var card = await app.Get(app.Users, "/api/users/me/card", await app.GuestToken(guest));
        card.Status.ShouldBe(System.Net.HttpStatusCode.OK, card.Body);
        return (await Eventually.Get(
            () => app.Database.Scalar<string>("select member_id from loyalty.guest_names where user_id = $1", Ct, user.Value),
            number => number is not null, Ct))!;
    }

    /// <summary>The last four digits of the phone, once the loyalty service knows them.</summary>
    public static async Task<string> LastDigitsOf(this TelegramApp app, SandboxPerson guest)
    {
        var user = await app.UserOf(guest);
        return (await Eventually.Get(
            () => app.Database.Scalar<string>("select phone_last4 from loyalty.guest_names where user_id = $1", Ct, user.Value),
            digits => digits is not null, Ct))!;
    }

    public static async Task<long> GiftsOf(this TelegramApp app, SandboxPerson guest, string where = "true") => await app.Database.Scalar<long>(
        $"select count(*) from loyalty.gifts where user_id = $1 and {where}", Ct, (await app.UserOf(guest)).Value);

    /// <summary>The labels of the keyboard that the bot sent last.</summary>
    public static async Task<IReadOnlyList<string>> KeyboardOf(this TelegramApp app, SandboxChat chat) =>
        (await app.Sandbox.Requests(chat: chat.Person))
            .Select(request => request.Body.TryGetProperty("reply_markup", out var markup) && markup.TryGetProperty("keyboard", out var rows)
                ? rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(button => button.GetProperty("text").GetString()!).ToList()
                : [])
            .Last(labels => labels.Count > 0);
}
