using System.Text;
using System.Text.Json;
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
        await chat.Presses("Прислать всё файлом");
        var (name, content) = await chat.SeesDocument();

        name.ShouldMatch(@"^my-data-\d{4}-\d\d-\d\d\.json$");
        Encoding.UTF8.GetString(content).ShouldContain("\"fullName\": \"Анна Смирнова\"");
        using var all = JsonDocument.Parse(content);
        all.RootElement.GetProperty("services").EnumerateObject().Select(service => service.Name).Order().ShouldBe(["bots", "loyalty", "notifications", "users"]);
    }

    [Fact]
    public async Task Whoever_has_himself_erased_is_asked_twice_is_forgotten_and_may_come_back_as_somebody_new()
    {
        var person = await app.GivenRegisteredPerson();
        var user = await app.UserOf(person);
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Удалить меня");
        await chat.Sees("пропадут баллы, кредиты, премиум и карта");
        await chat.Presses("Да, удалить всё");
        await chat.Sees("напишите слово УДАЛИТЬ");
        await chat.Says("удалить");
        await chat.Sees("Готово: ничего, по чему вас можно узнать, не осталось");

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
    [InlineData("да")]
    [InlineData("✖️ Отмена")]
    public async Task Another_word_keeps_everything(string word)
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Удалить меня");
        await chat.Presses("Да, удалить всё");
        await chat.Sees("напишите слово УДАЛИТЬ");
        await chat.Says(word);

        await chat.Sees("Всё остаётся как есть.");
        await app.UserOf(person);
    }

    [Fact]
    public async Task Whoever_thinks_better_of_it_at_once_stays()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/data");
        await chat.Presses("Удалить меня");
        await chat.Presses("Нет, остаюсь");

        await chat.Sees("Хорошо. Всё остаётся как есть.");
        await app.UserOf(person);
    }

    [Fact]
    public async Task A_stranger_who_asks_for_his_data_is_led_to_registration()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/data");

        await chat.Sees("На каком языке");
    }
}
