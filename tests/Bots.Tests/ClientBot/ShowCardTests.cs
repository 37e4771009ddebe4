using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

/// <summary>While QR codes of cards are switched off; <see cref="MemberCardTests"/> switches them on.</summary>
public sealed class ShowCardTests(SharedTelegramApp app)
{
    [Fact]
    public async Task A_card_without_QR_code_shows_its_number()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/card");
        var card = await chat.Sees("Номер карты: MNT-");
        await chat.Says("💳 Моя карта");

        await chat.Sees(card, times: 2);
        card.ShouldMatch("^Анна Смирнова\nНомер карты: MNT-[0-9A-Z]{8}\nБазовая карта\n\nКарта подтверждает, что вы наш гость. Чтобы получить баллы, покажите код: кнопка «Показать код».$");
        (await chat.Messages()).ShouldAllBe(message => message.Photo == null);
    }

    [Fact]
    public async Task The_counter_menu_has_no_item_for_a_switched_off_feature()
    {
        var barista = await app.GivenBarista();

        await barista.With(TelegramApp.CounterBot).Says("/start");

        var asked = await Eventually.Get(() => app.Sandbox.Requests(chat: barista.Id), requests => requests.Count > 0, TestContext.Current.CancellationToken);
        asked[^1].Body.GetProperty("reply_markup").GetRawText().ShouldContain("Новый заказ");
        asked[^1].Body.GetProperty("reply_markup").GetRawText().ShouldNotContain("Проверить карту");
    }
}
