namespace Platform.Bots.Tests.BaristaBot;

public sealed class FindGuestTests(SharedTelegramApp app)
{
    [Fact]
    public async Task A_guest_is_found_by_code_card_and_phone_and_can_be_served_from_there()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        await app.GivePoints(guest, 1250);
        await app.GivenGift(guest, "Капучино");

        await counter.Says("🔎 Найти гостя");
        await counter.Sees("Кого найти?");
        await counter.Says(await app.CodeOf(guest));
        (await counter.Sees("Уровень:")).ShouldBe("Анна С.\nУровень: «Стандарт»\nБаллы: 12\nПодарки: 1");
        await counter.Says("/find");
        await counter.Says(await app.CardOf(guest));
        await counter.Sees("Уровень:", times: 2);
        await counter.Says("/find");
        await counter.Says(await app.LastDigitsOf(guest));
        await counter.Sees("Уровень:", times: 3);
        await counter.Presses("✅ Погасить подарок (1)");
        await counter.Sees("Какой подарок погасить?");
        await counter.Presses("🎁 Подарить");

        await counter.Sees("Гость: Анна С.\nЧто подарить?");
    }

    [Fact]
    public async Task Guests_with_the_same_last_digits_are_offered_to_choose_from()
    {
        var (first, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());
        var digits = await app.LastDigitsOf(first);
        var second = await app.Registered(await app.Sandbox.GivenPerson(phone: $"+7977001{digits}"));
        await app.LastDigitsOf(second);
        await app.GivePoints(second, 30_000);

        await counter.Says("найти гостя");
        await counter.Sees("Кого найти?");
        await counter.Says($"+7 977 001-{digits[..2]}-{digits[2..]}");
        await counter.Sees("Нашлось несколько гостей");
        await counter.Presses("Анна С. · «Серебро» · 300");

        (await counter.Sees("Уровень:")).ShouldContain("Баллы: 300");
    }

    [Fact]
    public async Task A_wrong_number_is_explained_and_asked_for_again()
    {
        var counter = await app.GivenCounter();

        await counter.Says("/find");
        await counter.Sees("Кого найти?");
        await counter.Says("Анна");
        await counter.Sees("Не понимаю. Пришлите шесть цифр кода");
        await counter.Says("990017");
        await counter.Sees("Такого кода нет");
        await counter.Says("9999");
        await counter.Sees("Такого гостя нет");
        await counter.Says("отмена");

        await counter.Sees("Отменено");
    }

    [Fact]
    public async Task A_checked_card_offers_what_can_be_done_for_the_guest()
    {
        var (guest, counter) = (await app.GivenRegisteredPerson(), await app.GivenCounter());

        await counter.Says(await app.CardOf(guest));
        await counter.Sees("Номер карты: MNT-");
        await counter.Presses("✉️ Написать");

        await counter.Sees("Гость: Анна С.\nЧто написать?");
    }
}
