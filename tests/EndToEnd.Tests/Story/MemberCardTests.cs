using Platform.Testing;

namespace Platform.EndToEnd.Tests.Story;

/// <summary>In a browser: a guest opens their member card, a camera reads it, and the staff's bot identifies them.</summary>
[Collection<Stories>]
public sealed class MemberCardTests(StoryApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_card_on_the_guests_phone_is_recognized_by_the_counter_bot()
    {
        await app.SetCardCodes(on: true);
        var (guest, barista) = (await app.GivenRegisteredPerson(), await app.GivenBarista());
        await using var counter = await app.Open(guest, barista, "ru-RU");

        await counter.Guest.Presses("💳 Моя карта");
        var number = NumberIn(await counter.Guest.Sees("QR-код карты действует ещё"));
        var link = await QrPicture.Read(await guest.With(TelegramApp.GuestBot).SeesPhoto(), Ct);
        await counter.Barista.Starts();
        await counter.Barista.Sees("Пришлите код гостя");
        // Telegram sends this when the link is opened.
        await counter.Barista.Says($"/start {link.Split("?start=")[1]}");

        NumberIn(await counter.Barista.Sees("Номер карты: ")).ShouldBe(number);
        await counter.Photograph("story-member-card");
    }

    private static string NumberIn(string message) => message[message.IndexOf("MNT-", StringComparison.Ordinal)..][..12];
}
