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
    public async Task A_guest_gets_all_their_data_as_a_file()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Получить данные");
        await chat.Sees("И они же целиком");
        var (name, content) = await chat.SeesDocument();

        name.ShouldMatch(@"^my-data-\d{4}-\d\d-\d\d\.json$");
        Encoding.UTF8.GetString(content).ShouldContain("\"fullName\": \"Анна Смирнова\"");
        using var all = JsonDocument.Parse(content);
        all.RootElement.GetProperty("services").EnumerateObject().Select(service => service.Name).Order()
            .ShouldBe(["bots", "loyalty", "notifications", "users"]);
    }

    [Fact]
    public void The_readable_export_has_translated_labels_and_no_empty_fields()
    {
        var export = System.Text.Json.Nodes.JsonNode.Parse(
            """
            {"exportedAt":"2026-01-15T09:30:00Z","services":{
                "users":{"profile":{"fullName":"Анна Смирнова","city":null,"phoneVerified":true},"phones":["+79991234567"],"activity":[]},
                "loyalty":{"orders":[{"amount":350.00,"placedAt":"2026-01-15T21:30:00Z","somethingNew":7}]},
                "letters":{}}}
            """)!;
        var wall = new Platform.ServiceDefaults.Time.BusinessClock("Europe/Moscow");

        ReadableData.Of(export, "ru", wall).ReplaceLineEndings("\n").ShouldBe(
            "ВАШИ ДАННЫЕ\n  Профиль:\n    Имя: Анна Смирнова\n    Телефон подтверждён: да\n  Номера телефонов:\n    – +79991234567\n\n"
            + "БАЛЛЫ И ЗАКАЗЫ\n  Заказы:\n    Сумма, ₽: 350.00\n    Когда: 16.01.2026 00:30\n    somethingNew: 7\n");
    }

    [Fact]
    public async Task Erasure_asks_twice_deletes_everything_and_lets_the_person_register_again()
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
            async () => await app.Database.Scalar<long>("select count(*) from bots.chats where bot = 'client' and telegram_id = $1", Ct,
                person.Id.Value) == 0, Ct, Patience);
        (await app.Database.Scalar<long>("select count(*) from bots.updates where bot = 'client' and telegram_id = $1 and handled_at is null",
            Ct, person.Id.Value)).ShouldBe(0);

        await chat.Says("/start");
        await chat.Sees("На каком языке");
        await Eventually.IsTrue(
            () => app.Database.Scalar<bool>("select exists (select from notifications.chats where bot = 'client' and telegram_id = $1)", Ct,
                person.Id.Value), Ct, Patience);
        (await app.Database.Scalar<string>("select full_name from users.users where id = $1", Ct, user.Value)).ShouldNotBe("Анна Смирнова");
    }

    [Theory]
    [InlineData("да", "Хорошо, ничего не удалено.")]
    [InlineData("✖️ Отмена", "Ничего не изменилось.")]
    public async Task A_wrong_confirmation_word_erases_nothing(string word, string answer)
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
    public async Task Declining_the_erasure_erases_nothing()
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
    public async Task A_blocked_guest_can_still_get_and_erase_their_data()
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
    public async Task An_unregistered_person_who_asks_for_their_data_is_led_to_registration()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/data");

        await chat.Sees("На каком языке");
    }
}
