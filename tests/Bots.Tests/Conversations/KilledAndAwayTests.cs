using System.Net;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

/// <summary>Whatever dies in the middle of a conversation, it goes on, and nothing is done twice.</summary>
public sealed class KilledAndAwayTests(TelegramApp app) : IClassFixture<TelegramApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registration_goes_on_where_it_was_when_the_bots_were_killed()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Анна");
        await chat.Sees("Ваш номер телефона?");

        await app.Bots.Kill();
        await chat.SharesContact();
        await app.Bots.StartAgain(Ct);

        await chat.Sees("Когда у вас день рождения?");
        await chat.Says("Пропустить");
        await chat.Sees("В каком городе");
        await chat.Says("Пропустить");
        await chat.Sees("Готово, Анна!");
    }

    [Fact]
    public async Task A_countdown_goes_on_when_the_bots_were_killed_in_the_middle_of_it()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/code");
        var code = new string([.. (await chat.Sees("Осталось:")).Where(char.IsAsciiDigit).Take(6)]);

        await app.Bots.Kill();
        await app.OrderOnce(code, 1250, "countdown-killed");
        await app.Bots.StartAgain(Ct);

        await chat.Sees("Код принят на кассе");
    }

    [Fact]
    public async Task While_the_gateway_is_away_the_person_is_told_and_tries_again_by_a_button()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await app.Gateway.Kill();
        await chat.Says("/profile");
        await chat.Sees("Сейчас не получилось");
        await app.Gateway.StartAgain(Ct);
        await chat.Presses("🔄 Повторить");

        await chat.Sees("Уровень: «Стандарт»");
    }

    [Fact]
    public async Task While_a_service_is_away_nobody_gets_half_of_his_data_and_all_of_it_once_it_is_back()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/data");

        await app.Loyalty.Kill();
        await chat.Presses("Прислать всё файлом");
        await chat.Sees("Сейчас отвечают не все части системы");
        await app.Loyalty.StartAgain(Ct);
        await Eventually.Passes(
            async () =>
            {
                await chat.Presses("🔄 Повторить");
                (await chat.Messages()).ShouldContain(message => message.Document != null);
            },
            Ct);
    }

    [Fact]
    public async Task Whoever_was_erased_just_before_the_bots_were_killed_is_bidden_farewell_and_forgotten_all_the_same()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/data");
        await chat.Presses("Удалить меня");
        await chat.Presses("Да, удалить всё");
        await chat.Sees("напишите слово УДАЛИТЬ");

        // He is erased, and what the bot says of it does not get through before it dies.
        await app.Sandbox.GivenFault(new { kind = "serverError", method = "sendMessage", chatId = person.Id });
        await chat.Says("УДАЛИТЬ");
        await Eventually.IsTrue(
            async () => await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value) == 0, Ct);
        await app.Bots.Kill();
        await app.Sandbox.GivenNoFaults();
        await app.Bots.StartAgain(Ct);

        await chat.Sees("Готово: ничего, по чему вас можно узнать, не осталось");
        await Eventually.IsTrue(
            async () => await app.Database.Scalar<long>("select count(*) from bots.chats where bot = 'client' and telegram_id = $1", Ct, person.Id.Value) == 0, Ct,
            TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task An_order_whose_answer_was_lost_is_placed_once_when_the_barista_tries_again()
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");
        await counter.Says(await CodeOf(guest));
        await counter.Sees("Какая сумма заказа");
        var database = app.LinksOf(app.Loyalty).Database;

        // Loyalty hangs on its database: the gateway gives up, and whether the order was placed nobody can say.
        database.Hang();
        await counter.Says("1250");
        await counter.Sees("Сейчас не получилось");
        database.Restore();
        await counter.Presses("🔄 Повторить");

        await counter.Sees("✅ Заказ на 1\u00a0250 ₽.");
        var user = await app.UserOf(guest);
        (await app.Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, user.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task An_old_try_again_does_nothing_once_the_person_went_on_without_it()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await app.Gateway.Kill();
        await chat.Says("/profile");
        await chat.Sees("Сейчас не получилось");
        await app.Gateway.StartAgain(Ct);
        await chat.Says("/help");
        await chat.Sees("Я показываю код");

        await chat.Presses("🔄 Повторить");
        await chat.Says("йцукен");
        await chat.Sees("Не понимаю.");

        (await chat.Count("Уровень:")).ShouldBe(0);
    }

    [Fact]
    public async Task Updates_that_Telegram_sends_again_have_their_effect_once()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        // The answer to a poll is lost on its way: what was in it comes once more.
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "getUpdates", kind = "cut", times = 3 });

        await chat.Says("/code");
        await chat.Sees("Ваш код");
        await chat.Says("/help");
        await chat.Sees("Я показываю код");

        (await app.Database.Scalar<long>(
            "select count(*) from loyalty.payment_codes where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(1);
    }

    [Fact]
    public async Task A_reply_waits_as_long_as_Telegram_asks_and_comes()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "sendMessage", kind = "tooManyRequests", retryAfter = 1, times = 2 });
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "sendMessage", kind = "serverError", times = 1 });

        await chat.Says("/help");

        await chat.Sees("Я показываю код");
    }

    [Fact]
    public async Task Whoever_blocks_the_bot_holds_nobody_up_and_is_greeted_when_he_is_back()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Blocks();
        var other = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await other.Says("/help");
        await other.Sees("Я показываю код");

        await chat.Unblocks();
        await chat.Says("/start");

        await chat.Sees("Здравствуйте, Анна Смирнова!");
    }

    [Fact]
    public async Task Of_two_replicas_one_polls_and_the_other_takes_over_when_it_is_killed()
    {
        var second = await app.Start("bots");
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/help");
        await chat.Sees("Я показываю код");

        await app.Bots.Kill();
        await chat.Says("/profile");
        await chat.Sees("Уровень:");

        await app.Bots.StartAgain(Ct);
        await second.DisposeAsync();
        await chat.Says("/code");
        await chat.Sees("Ваш код");
        (await chat.Count("Я показываю код")).ShouldBe(1);
    }

    [Fact]
    public async Task A_bad_token_is_one_clear_line_and_stops_no_other_bot()
    {
        using var client = app.Bots.Client(token: null);
        var replica = await app.Start("bots", new KeyValuePair<string, string>("TELEGRAM_TOKEN_BARISTA", "1000002:wrong"));
        using var ofReplica = replica.Client(token: null);

        var health = await Eventually.Get(() => Health(ofReplica), health => health.GetProperty("client bot").GetString() == "healthy: @coffee_guest_bot", Ct);

        health.GetProperty("barista bot").GetString().ShouldBe("degraded: the token is refused");
        await Eventually.IsTrue(
            () => Task.FromResult(replica.Output.Contains("Telegram refuses the token of the barista bot: check TELEGRAM_TOKEN_BARISTA", StringComparison.Ordinal)), Ct);
        replica.Output.ShouldNotContain("1000002:wrong");
        (await Health(client)).GetProperty("barista bot").GetString().ShouldBe("healthy: @coffee_counter_bot");
        await replica.DisposeAsync();
    }

    private static async Task<JsonElement> Health(HttpClient client)
    {
        using var answer = await client.GetAsync("/health/ready", Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return JsonSerializer.SerializeToElement(
            report.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => $"{check.GetProperty("status").GetString()}{(check.TryGetProperty("note", out var note) ? $": {note.GetString()}" : "")}"));
    }

    private static async Task<string> CodeOf(SandboxPerson guest)
    {
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/code");
        return new string([.. (await chat.Sees("Ваш код")).Where(char.IsAsciiDigit).Take(6)]);
    }
}
