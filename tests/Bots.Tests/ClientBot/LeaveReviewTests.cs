using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class LeaveReviewTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_review_is_a_rating_and_a_text()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("⭐ Оставить отзыв");
        await chat.Sees("Как вам у нас? Поставьте оценку от 1 до 10.");
        await chat.Presses("9");
        await chat.Sees("Ваша оценка: 9 из 10.");
        await chat.Sees("Расскажите, что вам понравилось.");
        await chat.Says("Лучший раф в городе!\nИ музыка.");

        await chat.Sees("Спасибо за отзыв!");
        (await Reviews(guest)).ShouldBe(["9|Лучший раф в городе!\nИ музыка."]);
    }

    [Fact]
    public async Task A_rating_may_be_typed_and_the_text_skipped()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("/review");
        await chat.Sees("Поставьте оценку");
        await chat.Says("11");
        await chat.Sees("Поставьте оценку", times: 2);
        await chat.Says("4");
        await chat.Sees("Жаль, что не всё понравилось.");
        await chat.Presses("Отправить без комментария");

        await chat.Sees("Спасибо, что сказали честно.");
        (await Reviews(guest)).ShouldBe(["4|"]);
    }

    [Fact]
    public async Task Repeated_taps_send_one_review()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("отзыв");
        await chat.Says("Оставить отзыв");
        await chat.Sees("Поставьте оценку");

        await chat.PressesAtOnce("8", times: 3);
        await chat.Sees("Расскажите, что вам понравилось.");
        await chat.PressesAtOnce("Отправить без комментария", times: 3);

        await chat.Sees("Спасибо за отзыв!");
        await app.Handled(guest.Id);
        (await Reviews(guest)).Count.ShouldBe(1);
        (await chat.Count("Расскажите, что вам понравилось.")).ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_review_is_not_sent()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/review");
        await chat.Presses("7");
        await chat.Sees("Расскажите, что вам понравилось.");

        await chat.Presses("✖️ Отмена");

        await chat.Sees("Хорошо, ничего не отправляем.");
        await chat.Says("Всё хорошо");
        await chat.Sees("Не понял вас.");
        (await Reviews(guest)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_who_has_not_registered_is_registered_first_and_then_asked_for_the_rating()
    {
        var person = await app.GivenPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("⭐ Оставить отзыв");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await TelegramApp.CompletesRegistration(chat, "Анна Смирнова");

        await chat.Sees("Поставьте оценку от 1 до 10.");
    }

    private async Task<IReadOnlyList<string>> Reviews(SandboxPerson guest)
    {
        var user = await app.UserOf(guest);
        return await app.Database.Column<string>(
            $"select concat_ws('|', rating, coalesce(text, '')) from loyalty.feedback where user_id = {user} and kind = 'review' order by id", Ct);
    }
}
