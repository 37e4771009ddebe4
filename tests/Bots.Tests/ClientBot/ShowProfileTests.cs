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
        profile.ShouldMatch(
            $@"Пригласите друга: https://t\.me/{TelegramApp.GuestBot}\?start=ref_\w+\nПосле его первого заказа каждый из вас получит 50 баллов\.");
    }

    [Fact]
    public async Task The_profile_shows_the_latest_changes_of_the_points_and_explains_each()
    {
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 1250);
        var order = await app.GivePoints(guest, 300);
        await app.Refund(order);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("/profile");

        var profile = await chat.Sees("Последние изменения:\n");
        profile.ShouldMatch(@"−3 — возврат заказа, \d\d\.\d\d\.\d{4}\n\+3 — заказ, \d\d\.\d\d\.\d{4}\n\+12 — заказ, \d\d\.\d\d\.\d{4}\n");
        await chat.Presses("❓ +12");
        (await chat.Sees("100 ₽")).ShouldContain("12");
        await chat.Presses("История баллов");
        (await chat.Sees("История баллов")).ShouldContain("+12 — заказ");
    }

    [Fact]
    public async Task The_history_of_points_has_pages()
    {
        var guest = await app.GivenRegisteredPerson();
        for (var points = 1; points <= 8; points++)
        {
            await app.GivePoints(guest, points * 100);
        }

        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/profile");
        await chat.Presses("История баллов");
        (await chat.Sees("Нажмите ❓")).ShouldContain("+8 — заказ");
        await chat.Presses("Более ранние ›");
        await chat.Sees("+1 — заказ");
        await chat.Presses("‹ К последним");

        (await chat.Sees("Нажмите ❓")).ShouldContain("+8 — заказ");
    }

    [Theory]
    [InlineData("🎁 Gifts", "You have no gifts at the moment.")]
    [InlineData("🧾 My orders", "You have no orders yet.")]
    [InlineData("⭐ Leave a review", "Rate us from 1 to 10.")]
    [InlineData("💡 Suggest an idea", "What should we add or change?")]
    [InlineData("✉️ Write to us", "Write to the management in one message.")]
    [InlineData("/notifications", "You can switch the rest off.")]
    public async Task Every_item_of_the_menu_is_also_in_English(string item, string answer)
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/language");
        await chat.Presses("🇬🇧 English");
        await chat.Sees("Saved.");

        await chat.Says(item);

        await chat.Sees(answer);
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
