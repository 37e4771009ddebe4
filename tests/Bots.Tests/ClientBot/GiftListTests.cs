using System.Net;
using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class GiftListTests(SharedTelegramApp app)
{
    [Fact]
    public async Task A_guest_without_gifts_is_told_where_they_come_from()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("🎁 Подарки");
        await chat.Sees("Подарков сейчас нет. Мы дарим их на день рождения и за новый уровень");
        await chat.Presses("Полученные подарки");

        await chat.Sees("Полученных подарков пока нет");
    }

    [Fact]
    public async Task A_gift_is_shown_until_it_is_redeemed_and_then_among_the_redeemed_ones()
    {
        var guest = await app.GivenRegisteredPerson();
        var gift = await app.GiveGift(guest, "Капучино <на> выбор");
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Sees("Вам подарок: Капучино <на> выбор.");
        await chat.Says("/gifts");
        var list = await chat.Sees("Ваши подарки");
        list.ShouldContain("🎁 Капучино <на> выбор");
        list.ShouldContain("Чтобы получить подарок, покажите код на кассе");
        (await app.Post(app.Loyalty, $"/api/loyalty/gifts/{gift}/redeem", await app.Barista(), body: new { }, key: $"redeem-{gift}"))
            .Status.ShouldBe(HttpStatusCode.OK);
        await chat.Sees("Подарок получен: Капучино <на> выбор.");

        await chat.Says("подарки");
        await chat.Sees("Подарков сейчас нет");
        await chat.Presses("Полученные подарки");

        await chat.Sees("✅ Капучино <на> выбор — ");
        await chat.Presses("🎁 Мои подарки");
        await chat.Sees("Подарков сейчас нет");
    }

    [Fact]
    public async Task Stamps_show_how_far_the_next_gift_is()
    {
        var card = $"Каждый десятый кофе {Guid.NewGuid():N}";
        var added = await app.Post(
            app.Loyalty, "/api/loyalty/stamp-cards", await app.Admin(), new { title = card, n = 10, reward = "Десятый кофе", active = true });
        added.Status.ShouldBe(HttpStatusCode.Created, added.Body);
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 200);
        var chat = guest.With(TelegramApp.GuestBot);

        // The stamp is added by an event.
        await Eventually.IsTrue(
            async () =>
            {
                await chat.Says("/gifts");
                return (await chat.Sees(card)).Contains($"{card}: ●○○○○○○○○\nДо подарка «Десятый кофе» осталось 8 заказов", StringComparison.Ordinal);
            },
            TestContext.Current.CancellationToken);
    }
}
