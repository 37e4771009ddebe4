using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class ShowProfileTests(SharedTelegramApp app)
{
    [Fact]
    public async Task The_profile_has_points_the_level_and_what_is_left_to_the_next()
    {
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 2550);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("👤 Профиль");

        var profile = await chat.Sees("Анна Смирнова\nУровень: «Стандарт»");
        profile.ShouldContain("Баллы: 25");
        profile.ShouldContain("▰▰▱▱▱▱▱▱▱▱\nДо уровня «Серебро» осталось: 75");
        profile.ShouldContain("✓");
        profile.ShouldContain("Город: Казань");
        profile.ShouldContain($"https://t.me/{TelegramApp.GuestBot}?start=ref_");
    }

    [Fact]
    public async Task Nonsense_is_answered_with_what_the_bot_understands()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("йцукен");

        await chat.Sees("Не понимаю. Код для кассы — /code");
    }
}
