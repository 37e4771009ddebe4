using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class WriteToUsTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_idea_reaches_the_business()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("💡 Предложить идею");
        await chat.Sees("Что нам стоит добавить или изменить?");
        await chat.Says("Кокосовое молоко");

        await chat.Sees("Спасибо за идею!");
        (await Written(guest, "idea")).ShouldBe(["Кокосовое молоко"]);
    }

    [Fact]
    public async Task A_reply_to_a_message_reaches_the_guests_chat_as_it_was_written()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("✉️ Написать нам");
        await chat.Sees("Ответ придёт в этот чат.");
        await chat.Says("Где мой зонт?");
        await chat.Sees("Отправили руководству.");
        var feedback = await app.Database.Scalar<long>(
            "select id from loyalty.feedback where user_id = $1 and kind = 'message'", Ct, (await app.UserOf(guest)).Value);
        var replied = await app.Post(
            app.Loyalty, $"/api/loyalty/feedback/{feedback}/reply", await app.Admin(), new { text = "У нас <на кассе> & ждёт вас." }, key: $"reply-{feedback}");

        ((int)replied.Status).ShouldBeInRange(200, 299, replied.Body);
        await chat.Sees("Ответ на ваше сообщение «Где мой зонт?»:\n\nУ нас <на кассе> & ждёт вас.");
    }

    [Theory]
    [InlineData("/idea", "Что нам стоит добавить")]
    [InlineData("/message", "Напишите одним сообщением")]
    public async Task Writing_can_be_cancelled_by_a_button_and_by_a_word(string command, string question)
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says(command);
        await chat.Sees(question);
        await chat.Presses("✖️ Отмена");
        await chat.Sees("Хорошо, ничего не отправляем.");
        await chat.Says(command);
        await chat.Sees(question);
        await chat.Says("отмена");

        await chat.Sees("Хорошо, ничего не отправляем.", times: 2);
        (await app.Database.Scalar<long>("select count(*) from loyalty.feedback where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(0);
    }

    [Fact]
    public async Task A_contact_is_not_taken_for_a_text()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/idea");
        await chat.Sees("Что нам стоит добавить");

        await chat.SharesContactOf("Мама", "+79160000001");

        await chat.Sees("Напишите, пожалуйста, текстом.");
        await chat.Says("Какао");
        await chat.Sees("Спасибо за идею!");
    }

    private async Task<IReadOnlyList<string>> Written(SandboxPerson guest, string kind) => await app.Database.Column<string>(
        $"select text from loyalty.feedback where user_id = {await app.UserOf(guest)} and kind = '{kind}' order by id", Ct);
}
