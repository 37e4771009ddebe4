using Platform.Bots.ClientBot;
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
        profile.ShouldContain("▰▰▱▱▱▱▱▱▱▱\nДо уровня «Серебро» осталось 75 баллов");
        profile.ShouldContain(" ✓ подтверждён");
        profile.ShouldContain("Город: Казань");
        profile.ShouldEndWith("За каждые 100 ₽ вы получаете 1 балл, 1 балл = 1 ₽. Баллами можно оплатить до 30 % заказа.");
        // Nothing comes of an invitation yet.
        profile.ShouldNotContain("?start=ref_");
    }

    [Fact]
    public async Task Nonsense_is_answered_with_what_the_bot_understands()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("йцукен");

        await chat.Sees("Не понял вас. Чтобы получить код, нажмите «Показать код»");
    }

    [Theory]
    [InlineData("показать код")]
    [InlineData("Показать код!")]
    [InlineData("код")]
    [InlineData("my code")]
    public async Task The_words_of_a_button_work_without_its_picture(string words)
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says(words);

        await chat.Sees("Ваш код:");
    }

    [Fact]
    public async Task Thanks_are_answered_kindly()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("Спасибо!");

        await chat.Sees("Пожалуйста!");
    }

    [Fact]
    public async Task A_higher_level_is_told_what_it_earns()
    {
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 10_000);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("/profile");

        (await chat.Sees("Уровень: «Серебро»")).ShouldEndWith("На вашем уровне — в 1,05 раза больше баллов.");
    }

    [Fact]
    public async Task The_help_names_every_command()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/help");

        var help = await chat.Sees("Покажите код на кассе, чтобы получить баллы");
        foreach (var (word, _) in GuestScript.Create().Commands.Where(command => command.Word is not ("start" or "help")))
        {
            help.ShouldContain($"/{word} — ");
        }
    }
}
