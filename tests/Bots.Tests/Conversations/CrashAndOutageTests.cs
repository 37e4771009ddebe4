using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

/// <summary>Conversations continue after a crash or an outage, and nothing happens twice.</summary>
public sealed class CrashAndOutageTests(TelegramApp app) : IClassFixture<TelegramApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registration_continues_where_it_was_after_the_bots_were_killed()
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
        await app.Bots.Restart(Ct);

        await chat.Sees("Когда у вас день рождения?");
        await chat.Says("Пропустить");
        await chat.Sees("В каком городе");
        await chat.Says("Пропустить");
        await chat.Sees("Готово, Анна!");
    }

    [Fact]
    public async Task A_countdown_continues_after_the_bots_were_killed()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/code");
        var code = new string([.. (await chat.Sees("Осталось:")).Where(char.IsAsciiDigit).Take(6)]);

        await app.Bots.Kill();
        await app.OrderOnce(code, 1250, "countdown-killed");
        await app.Bots.Restart(Ct);

        await chat.Sees("Код принят на кассе");
    }

    [Fact]
    public async Task While_the_gateway_is_unavailable_the_person_gets_a_button_to_try_again()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);

        await app.Gateway.Kill();
        await chat.Says("/profile");
        await chat.Sees("Сейчас не получилось");
        await app.Gateway.Restart(Ct);
        await chat.Presses("🔄 Повторить");

        await chat.Sees("Уровень: «Стандарт»");
    }

    [Fact]
    public async Task A_failed_telegram_update_is_in_the_persons_export_until_it_is_retried()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        await app.Gateway.Kill();
        await chat.Says("/profile");
        await chat.Sees("Сейчас не получилось");
        await app.Gateway.Restart(Ct);

        using var bots = app.Bots.Client(await app.Bot(guest.Id));
        var failed = await bots.GetStringAsync(new Uri("/api/bots/export", UriKind.Relative), Ct);
        await chat.Presses("🔄 Повторить");
        await chat.Sees("Уровень: «Стандарт»");
        await app.Handled(guest.Id);
        var done = await bots.GetStringAsync(new Uri("/api/bots/export", UriKind.Relative), Ct);

        failed.ShouldContain("/profile");
        done.ShouldNotContain("/profile");
    }

    [Fact]
    public async Task An_export_fails_while_a_service_is_unavailable_and_is_complete_afterwards()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/data");

        await app.Loyalty.Kill();
        await chat.Presses("Получить данные");
        await chat.Sees("Сейчас отвечают не все части системы");
        await app.Loyalty.Restart(Ct);
        await Eventually.Passes(
            async () =>
            {
                await chat.Presses("🔄 Повторить");
                (await chat.Messages()).ShouldContain(message => message.Document != null);
            },
            Ct);
    }

    [Fact]
    public async Task A_person_erased_just_before_the_bots_were_killed_still_gets_the_confirmation()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/data");
        await chat.Presses("Удалить мои данные");
        await chat.Presses("Да, удалить всё");
        await chat.Sees("напишите слово УДАЛИТЬ");

        // The erasure succeeds, but the confirmation is not sent before the bots are killed.
        await app.Sandbox.GivenFault(new { kind = "serverError", method = "sendMessage", chatId = person.Id });
        await chat.Says("УДАЛИТЬ");
        await Eventually.IsTrue(
            async () => await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value) == 0, Ct);
        await app.Bots.Kill();
        await app.Sandbox.ClearFaults();
        await app.Bots.Restart(Ct);

        await chat.Sees("Готово: все ваши личные данные удалены");
        await Eventually.IsTrue(
            async () => await app.Database.Scalar<long>("select count(*) from bots.chats where bot = 'client' and telegram_id = $1", Ct,
                person.Id.Value) == 0, Ct,
            TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task An_order_whose_answer_was_lost_is_shown_and_not_placed_again_when_the_barista_retries()
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = await GivenCounterAskingForAmount(await CodeOf(guest));

        await PlaceWithoutAnswer(guest, () => counter.Says("1250"));
        await counter.Sees("Сейчас не получилось");
        app.LinksOf(app.Loyalty).Database.Restore();
        await counter.Presses("🔄 Повторить");

        await counter.Sees(": 1\u00a0250 ₽\nГость: ");
        (await OrdersOf(guest)).ShouldBe(1);
    }

    [Theory]
    [InlineData("1250", ": 1\u00a0250 ₽\nГость: ")]
    [InlineData("1300", "По этому коду уже есть заказ")]
    public async Task An_order_whose_answer_was_lost_is_not_placed_again_when_the_barista_types_an_amount(string again, string answer)
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = await GivenCounterAskingForAmount(await CodeOf(guest));

        await PlaceWithoutAnswer(guest, () => counter.Says("1250"));
        await counter.Sees("Сейчас не получилось");
        app.LinksOf(app.Loyalty).Database.Restore();
        await counter.Says(again);

        await counter.Sees(answer);
        (await OrdersOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task An_order_placed_while_the_bots_were_killed_is_shown_and_not_placed_again()
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = await GivenCounterAskingForAmount(await CodeOf(guest));

        await PlaceWithoutAnswer(guest, () => counter.Says("1250"));
        await app.Bots.Kill();
        app.LinksOf(app.Loyalty).Database.Restore();
        await app.Bots.Restart(Ct);

        await counter.Sees(": 1\u00a0250 ₽\nГость: ");
        (await OrdersOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task An_order_with_a_replaced_code_placed_while_the_bots_were_killed_is_not_placed_again()
    {
        var guest = await app.GivenRegisteredPerson();
        var counter = await GivenCounterAskingForAmount(await CodeOf(guest));
        var newer = await CodeOf(guest);
        await counter.Says("300");
        await counter.Sees("Этот код больше не действует");

        await PlaceWithoutAnswer(guest, () => counter.Says(newer));
        await app.Bots.Kill();
        app.LinksOf(app.Loyalty).Database.Restore();
        await app.Bots.Restart(Ct);

        await counter.Sees(": 300 ₽\nГость: ");
        (await OrdersOf(guest)).ShouldBe(1);
    }

    [Theory]
    [InlineData("/profile", "FROM bots.chats AS c", "Уровень: «Стандарт»")]
    [InlineData("/code", "FROM bots.countdowns AS c\nWHERE c.telegram_id", "Ваш код")]
    public async Task A_message_is_answered_when_its_database_connection_is_lost(string message, string query, string answer)
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        // The proxy looks for the query's text, which new connections send; later ones would send a prepared statement.
        await app.Bots.Kill();
        await app.Bots.Restart(Ct);
        var dead = app.LinksOf(app.Bots).Database.LoseReplyTo(query);

        await chat.Says(message);
        await dead.WaitAsync(Eventually.Within, Ct);

        await chat.Sees(answer);
        (await chat.Count("Сейчас не получилось")).ShouldBe(0);
    }

    [Fact]
    public async Task An_update_that_cannot_be_saved_is_discarded_without_a_trace()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await app.Database.Execute($"alter table bots.chats add constraint ck_broken check (telegram_id <> {person.Id}) not valid", Ct);

        await chat.Says("йцукен");
        await chat.Sees("Не понял вас.");
        await app.Handled(person.Id);
        await app.Database.Execute("alter table bots.chats drop constraint ck_broken", Ct);
        await app.Bots.Kill();
        await app.Bots.Restart(Ct);
        await chat.Says("/help");
        await chat.Sees("Покажите код на кассе, чтобы получить баллы");

        (await chat.Count("Не понял вас.")).ShouldBe(1);
        app.Bots.Output.ShouldContain("could not be handled and is discarded");
    }

    [Fact]
    public async Task A_person_who_sends_hundreds_of_messages_is_warned_once_and_delays_no_one()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        var other = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "sendMessage", chatId = person.Id, kind = "tooManyRequests", retryAfter = 1 });

        for (var message = 0; message < 200; message++)
        {
            await chat.Says("йцукен");
        }

        await other.Says("/help");
        await other.Sees("Покажите код на кассе, чтобы получить баллы");
        await app.Sandbox.ClearFaults();
        await chat.Sees("Слишком много сообщений сразу");
        await app.Handled(person.Id);
        await chat.Says("/help");
        await chat.Sees("Покажите код на кассе, чтобы получить баллы");

        (await chat.Count("Слишком много сообщений сразу")).ShouldBe(1);
        (await chat.Count("Не понял вас.")).ShouldBeLessThan(50);
    }

    [Fact]
    public async Task A_new_code_is_counted_down_when_the_previous_one_expires_at_the_same_moment()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/code");
        await chat.Sees("Осталось:");

        // The clock deletes the expired countdown just after the bot has read it.
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "editMessageText", chatId = person.Id, kind = "tooManyRequests",
            retryAfter = 1 });
        await chat.Says("/code");
        await Eventually.IsTrue(async () => (await EditsOf(person, "Вместо этого кода показан новый")).Count > 0, Ct);
        (await app.Database.Execute("delete from bots.countdowns where telegram_id = $1", Ct, person.Id.Value)).ShouldBe(1);
        await app.Sandbox.ClearFaults();
        await chat.Sees("Вместо этого кода показан новый");

        await Eventually.IsTrue(
            async () => await app.Database.Scalar<long>("select count(*) from bots.countdowns where telegram_id = $1", Ct, person.Id.Value) == 1, Ct);
        var shown = await chat.Sees("Осталось:");
        await Eventually.IsTrue(async () => await chat.Sees("Осталось:") != shown, Ct);
    }

    [Fact]
    public async Task A_countdown_pauses_as_long_as_Telegram_asks()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await app.Sandbox.GivenFault(
            new { bot = TelegramApp.GuestBot, method = "editMessageText", chatId = person.Id, kind = "tooManyRequests", retryAfter = 4, times = 1 });

        await chat.Says("/code");
        var edits = await Eventually.Get(() => EditsOf(person, "Осталось:"), edits => edits.Count >= 2, Ct);

        edits[0].Status.ShouldBe(429);
        (edits[1].At - edits[0].At).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task An_old_try_again_button_does_nothing_after_another_message()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await app.Gateway.Kill();
        await chat.Says("/profile");
        await chat.Sees("Сейчас не получилось");
        await app.Gateway.Restart(Ct);
        await chat.Says("/help");
        await chat.Sees("Покажите код на кассе, чтобы получить баллы");

        await chat.Presses("🔄 Повторить");
        await chat.Says("йцукен");
        await chat.Sees("Не понял вас.");

        (await chat.Count("Уровень:")).ShouldBe(0);
    }

    [Fact]
    public async Task Updates_that_Telegram_sends_again_take_effect_once()
    {
        var guest = await app.GivenRegisteredPerson();
        var chat = guest.With(TelegramApp.GuestBot);
        // The open poll returns the update, and every later one fails, so that it is not confirmed.
        await Eventually.IsTrue(async () => (await PollsOfGuests())[^1].Status is null, Ct);
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "getUpdates", kind = "serverError" });
        await chat.Says("/code");
        await chat.Sees("Ваш код");
        await app.Handled(guest.Id);

        await app.Bots.Kill();
        var before = (await PollsOfGuests())[^1].Seq;
        await app.Sandbox.ClearFaults();
        await app.Bots.Restart(Ct);

        var update = await app.Database.Scalar<long>("select max(update_id) from bots.updates where bot = 'client' and telegram_id = $1", Ct, guest.Id.Value);
        await Eventually.IsTrue(async () => (await PollsOfGuests()).Any(poll => poll.Seq > before && OffsetOf(poll) == update + 1), Ct);
        await chat.Says("/help");
        await chat.Sees("Покажите код на кассе, чтобы получить баллы");
        (await chat.Count("Ваш код")).ShouldBe(1);
        (await app.Database.Scalar<long>(
            "select count(*) from loyalty.payment_codes where user_id = $1", Ct, (await app.UserOf(guest)).Value)).ShouldBe(1);
    }

    [Fact]
    public async Task A_reply_is_retried_after_429_and_5xx()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "sendMessage", kind = "tooManyRequests", retryAfter = 1, times = 2 });
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "sendMessage", kind = "serverError", times = 1 });

        await chat.Says("/help");

        await chat.Sees("Покажите код на кассе, чтобы получить баллы");
    }

    [Fact]
    public async Task A_person_who_blocks_the_bot_delays_no_one_and_is_greeted_when_they_return()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "sendMessage", chatId = person.Id, kind = "serverError" });
        await chat.Says("/help");
        await Eventually.IsTrue(async () => (await app.Sandbox.Requests(chat: person.Id))[^1].Status == 500, Ct);
        await chat.Blocks();
        await app.Sandbox.ClearFaults();
        await Eventually.IsTrue(() => Task.FromResult(app.Bots.Output.Contains("A reply of the client bot was not sent: the person has blocked the bot.")), Ct);
        var other = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await other.Says("/help");
        await other.Sees("Покажите код на кассе, чтобы получить баллы");

        await chat.Unblocks();
        await chat.Says("/start");

        await chat.Sees("Здравствуйте, Анна Смирнова!");
    }

    [Fact]
    public async Task A_second_replica_takes_over_polling_when_the_first_is_killed()
    {
        var second = await app.Start("bots");
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/help");
        await chat.Sees("Покажите код на кассе, чтобы получить баллы");
        await app.Handled(person.Id);

        await app.Bots.Kill();
        await chat.Says("/profile");
        await chat.Sees("Уровень:");

        await app.Bots.Restart(Ct);
        await second.DisposeAsync();
        await chat.Says("/code");
        await chat.Sees("Ваш код");
        (await chat.Count("Покажите код на кассе, чтобы получить баллы")).ShouldBe(1);
    }

    [Fact]
    public async Task A_bad_token_is_logged_once_and_stops_no_other_bot()
    {
        using var client = app.Bots.Client(token: null);
        var replica = await app.Start("bots", new KeyValuePair<string, string>("TELEGRAM_TOKEN_BARISTA", "1000002:wrong"));
        using var replicaClient = replica.Client(token: null);

        var health = await Eventually.Get(() => Health(replicaClient), health =>
            health.GetProperty("client bot").GetString() == "healthy: @coffee_guest_bot", Ct);

        health.GetProperty("barista bot").GetString().ShouldBe("degraded: the token is refused");
        await Eventually.IsTrue(
            () => Task.FromResult(replica.Output.Contains("Telegram refuses the token of the barista bot: check TELEGRAM_TOKEN_BARISTA",
                StringComparison.Ordinal)), Ct);
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
            report.GetProperty("checks").EnumerateArray()
                .ToDictionary(check => check.GetProperty("name").GetString()!, check =>
                $"{check.GetProperty("status").GetString()}{(check.TryGetProperty("note", out var note) ? $": {note.GetString()}" : "")}"));
    }

    private async Task<SandboxChat> GivenCounterAskingForAmount(string code)
    {
        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");
        await counter.Says(code);
        await counter.Sees("Какая сумма заказа");
        return counter;
    }

    /// <summary>Places an order whose answer hangs between the database and the service.</summary>
    private async Task PlaceWithoutAnswer(SandboxPerson guest, Func<Task> place)
    {
        var user = await app.UserOf(guest);
        await using var connection = await app.Database.Open(app.Database.Superuser).OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var hold = new NpgsqlCommand("select from loyalty.accounts where user_id = $1 for update", connection,
            transaction) { Parameters = { new() { Value = user.Value } } };
        await hold.ExecuteNonQueryAsync(Ct);
        await place();
        await Eventually.IsTrue(
            () => app.Database.Scalar<bool>(
                "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%place_order(%')", Ct),
            Ct);
        app.LinksOf(app.Loyalty).Database.Hang();
        await transaction.RollbackAsync(Ct);
        await Eventually.IsTrue(async () => await OrdersOf(guest) == 1, Ct);
    }

    private async Task<long> OrdersOf(SandboxPerson guest) =>
        await app.Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, (await app.UserOf(guest)).Value);

    private async Task<IReadOnlyList<BotRequest>> EditsOf(SandboxPerson person, string part) =>
        [.. (await app.Sandbox.Requests("editMessageText", person.Id)).Where(edit => edit.Body.GetProperty("text").GetString()!.Contains(part))];

    private async Task<IReadOnlyList<BotRequest>> PollsOfGuests() =>
        [.. (await app.Sandbox.Requests("getUpdates")).Where(poll => poll.Bot == TelegramApp.GuestBot)];

    private static long? OffsetOf(BotRequest poll) =>
        poll.Body.TryGetProperty("offset", out var offset) ? long.Parse(offset.ToString(), CultureInfo.InvariantCulture) : null;

    private static async Task<string> CodeOf(SandboxPerson guest)
    {
        var chat = guest.With(TelegramApp.GuestBot);
        var before = (await chat.Messages()).Select(message => message.Id).DefaultIfEmpty().Max();
        await chat.Says("/code");
        var shown = await Eventually.Get(
            async () => (await chat.Messages())
                .LastOrDefault(message => message.Id > before && message.Text?.Contains("Ваш код") is true)?.Text, text => text is not null, Ct);
        return new string([.. shown!.Where(char.IsAsciiDigit).Take(6)]);
    }
}
