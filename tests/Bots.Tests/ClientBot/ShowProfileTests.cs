using Platform.Bots.ClientBot;
using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class ShowProfileTests(SharedTelegramApp app)
{
    [Fact]
    public async Task The_profile_shows_points_level_and_progress_to_the_next_one()
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
        // Referrals have no reward yet.
        profile.ShouldNotContain("?start=ref_");
    }

    [Fact]
    public async Task An_unknown_message_is_answered_with_a_hint()
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
    public async Task A_button_label_typed_without_its_emoji_works(string words)
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says(words);

        await chat.Sees("Ваш код:");
    }

    [Fact]
    public async Task Thanks_get_a_friendly_answer()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("Спасибо!");

        await chat.Sees("Пожалуйста!");
    }

    [Fact]
    public async Task The_profile_explains_the_multiplier_of_a_higher_level()
    {
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 10_000);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("/profile");

        (await chat.Sees("Уровень: «Серебро»")).ShouldEndWith("На вашем уровне — в 1,05 раза больше баллов.");
    }

    [Fact]
    public async Task The_help_lists_every_command()
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
