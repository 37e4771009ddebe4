using System.Text;
using System.Text.Json;
using Platform.Bots.ClientBot;
using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class MyDataTests(SharedTelegramApp app)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_is_kept_of_a_guest_comes_as_a_file_that_he_can_read()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Получить данные");
        await chat.Sees("И они же целиком");
        var (name, content) = await chat.SeesDocument();

        name.ShouldMatch(@"^my-data-\d{4}-\d\d-\d\d\.json$");
        Encoding.UTF8.GetString(content).ShouldContain("\"fullName\": \"Анна Смирнова\"");
        using var all = JsonDocument.Parse(content);
        all.RootElement.GetProperty("services").EnumerateObject().Select(service => service.Name).Order().ShouldBe(["bots", "loyalty", "notifications", "users"]);
    }

    [Fact]
    public void The_text_that_people_read_has_their_words_and_nothing_that_is_empty()
    {
        var export = System.Text.Json.Nodes.JsonNode.Parse(
            """
            {"exportedAt":"2026-01-15T09:30:00Z","services":{
                "users":{"profile":{"fullName":"Анна Смирнова","city":null,"phoneVerified":true},"phones":["+79991234567"],"activity":[]},
                "loyalty":{"orders":[{"amount":350.00,"placedAt":"2026-01-15T21:30:00Z","somethingNew":7}]},
                "letters":{}}}
            """)!;
        var wall = new Platform.ServiceDefaults.Time.WallClock("Europe/Moscow");

        ReadableData.Of(export, "ru", wall).ReplaceLineEndings("\n").ShouldBe(
            "ВАШИ ДАННЫЕ\n  Профиль:\n    Имя: Анна Смирнова\n    Телефон подтверждён: да\n  Номера телефонов:\n    – +79991234567\n\n"
            + "БАЛЛЫ И ЗАКАЗЫ\n  Заказы:\n    Сумма, ₽: 350.00\n    Когда: 16.01.2026 00:30\n    somethingNew: 7\n");
    }

    [Fact]
    public async Task Whoever_has_himself_erased_is_asked_twice_is_forgotten_and_may_come_back_as_somebody_new()
    {
        var person = await app.GivenRegisteredPerson();
        var user = await app.UserOf(person);
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Удалить мои данные");
        await chat.Sees("пропадут баллы и карта");
        await chat.Presses("Да, удалить всё");
        await chat.Sees("напишите слово УДАЛИТЬ");
        await chat.Says("удалить");
        await chat.Sees("Готово: все ваши личные данные удалены");

        (await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value)).ShouldBe(0);
        await Eventually.IsTrue(
            async () => await app.Database.Scalar<long>("select count(*) from bots.chats where bot = 'client' and telegram_id = $1", Ct, person.Id.Value) == 0, Ct, Patience);
        (await app.Database.Scalar<long>("select count(*) from bots.updates where bot = 'client' and telegram_id = $1 and handled_at is null", Ct, person.Id.Value)).ShouldBe(0);

        await chat.Says("/start");
        await chat.Sees("На каком языке");
        await Eventually.IsTrue(
            () => app.Database.Scalar<bool>("select exists (select from notifications.chats where bot = 'client' and telegram_id = $1)", Ct, person.Id.Value), Ct, Patience);
        (await app.Database.Scalar<string>("select full_name from users.users where id = $1", Ct, user.Value)).ShouldNotBe("Анна Смирнова");
    }

    [Theory]
    [InlineData("да", "Хорошо, ничего не удалено.")]
    [InlineData("✖️ Отмена", "Ничего не изменилось.")]
    public async Task Another_word_keeps_everything(string word, string answer)
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Удалить мои данные");
        await chat.Presses("Да, удалить всё");
        await chat.Sees("напишите слово УДАЛИТЬ");
        await chat.Says(word);

        await chat.Sees(answer);
        await app.UserOf(person);
    }

    [Fact]
    public async Task Whoever_thinks_better_of_it_at_once_stays()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Удалить мои данные");
        await chat.Presses("Нет, не удалять");

        await chat.Sees("Хорошо, ничего не удалено.");
        await app.UserOf(person);
    }

    [Fact]
    public async Task A_blocked_guest_still_gets_and_erases_their_data()
    {
        var person = await app.GivenRegisteredPerson();
        var user = await app.UserOf(person);
        var chat = person.With(TelegramApp.GuestBot);
        await app.Post(app.Users, $"/api/users/{user}/block", await app.Admin(), new { reason = "a test" });
        await Eventually.Passes(
            async () =>
            {
                await chat.Says("/profile");
                (await chat.Count("Ваша карта заблокирована")).ShouldBeGreaterThan(0);
            },
            Ct);

        await chat.Says("/data");
        await chat.Presses("Получить данные");
        var (_, content) = await chat.SeesDocument();
        await chat.Presses("Удалить мои данные");
        await chat.Presses("Да, удалить всё");
        await chat.Sees("напишите слово УДАЛИТЬ");
        await chat.Says("УДАЛИТЬ");
        await chat.Sees("Готово: все ваши личные данные удалены");

        Encoding.UTF8.GetString(content).ShouldContain("Анна Смирнова");
        (await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value)).ShouldBe(0);
    }

    [Fact]
    public async Task A_stranger_who_asks_for_his_data_is_led_to_registration()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/data");

        await chat.Sees("На каком языке");
    }
}
