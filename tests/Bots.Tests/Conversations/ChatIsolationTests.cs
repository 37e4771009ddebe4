using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

/// <summary>One chat must not delay another, whatever its person sends and however long Telegram throttles it.</summary>
public sealed class ChatIsolationTests(ChatIsolationTests.App app) : IClassFixture<ChatIsolationTests.App>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TelegramApp.GuestBot, TelegramSandbox.GuestToken, "client", "На каком языке будем говорить?")]
    [InlineData(TelegramApp.CounterBot, TelegramSandbox.CounterToken, "barista", "Этот бот — для сотрудников")]
    public async Task A_hostile_update_does_not_keep_the_bot_from_answering_other_people(string bot, string token, string name, string answer)
    {
        HostileUpdates.All.Count.ShouldBeGreaterThan(200);
        var markers = new List<(string Marker, HostileUpdate Update)>();
        foreach (var (batch, updates) in HostileUpdates.All.Chunk(25).Index())
        {
            var hostile = await app.GivenPerson("Ева", "Чужая");
            var (before, after) = (await app.GivenPerson(), await app.GivenPerson());
            app.Telegram.Hold();
            await before.With(bot).Says("/start");
            foreach (var (number, update) in updates.Index())
            {
                var marker = $"hostile {name} {batch}.{number}";
                markers.Add((marker, update));
                app.Telegram.Replace(marker, id => update.Bytes(id, hostile.Id.Value));
                await hostile.With(bot).Says(marker);
            }

            await after.With(bot).Says("/start");
            app.Telegram.Release();

            await before.With(bot).Sees(answer);
            await after.With(bot).Sees(answer);
            var last = await app.Database.Scalar<long>("select update_id from bots.updates where bot = $1 and telegram_id = $2", Ct, name, after.Id.Value);
            await Eventually.Get(() => Task.FromResult(app.Telegram.OffsetOf(token)), offset => offset > last, Ct);
        }

        var numbered = markers.Where(marker => marker.Update.HasNumber).ToList();
        var wrong = new List<string>();
        foreach (var (marker, update) in numbered)
        {
            var id = app.Telegram.IdOf(marker)!.Value;
            var stored = await app.Database.Scalar<long>("select count(*) from bots.updates where bot = $1 and update_id = $2", Ct, name, id);
            var quarantined = await app.Database.Scalar<long>("select count(*) from bots.quarantined_updates where bot = $1 and update_id = $2", Ct, name, id);
            var fate = (stored, quarantined) switch { (1, 0) => Fate.Handled, (0, 0) => Fate.Ignored, (0, 1) => Fate.Quarantined, _ => (Fate?)null };
            if (fate != update.Fate)
            {
                wrong.Add($"{fate} instead of {update.Fate}: {(update.Json.Length > 400 ? update.Json[..400] : update.Json)}");
            }
        }

        wrong.ShouldBeEmpty();
        (await app.Database.Scalar<long>("select count(*) from bots.quarantined_updates where bot = $1 and update_id is null", Ct, name))
            .ShouldBe(markers.Count - numbered.Count);
        await Eventually.IsTrue(
            async () => await app.Database.Scalar<long>("select count(*) from bots.updates where bot = $1 and handled_at is null", Ct,
                name) == 0, Ct, TimeSpan.FromMinutes(2));
        app.Bots.Output.ShouldNotContain("failed while this replica led it");
    }

    [Fact]
    public async Task A_quarantined_update_is_stored_byte_for_byte_and_logged_without_its_content()
    {
        var person = await app.GivenPerson();
        byte[] sent = [];
        app.Telegram.Replace(
            "broken", id => sent =
                [.. Encoding.UTF8.GetBytes($"{{\"update_id\":{id},\"message\":{{\"from\":{{\"id\":{person.Id}}},\"text\":[\"a secret"), 0x80, .. "\"]}}"u8]);
        await person.With(TelegramApp.GuestBot).Says("broken");

        var content = await Eventually.Get(() => Quarantined(person), content => content is not null, Ct);

        content.ShouldBe(sent);
        await Eventually.IsTrue(() => Task.FromResult(app.Bots.Output.Contains("cannot be parsed or stored", StringComparison.Ordinal)), Ct);
        app.Bots.Output.ShouldNotContain("a secret");
    }

    [Fact]
    public async Task A_text_with_U_0000_is_answered_like_any_other()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        app.Telegram.Replace("with a zero", id => new HostileUpdate(
            """{"update_id":{id},"message":{"message_id":5,"date":1764300000,"chat":{"id":{person},"type":"private"},"from":{"id":{person},"is_bot":false,"first_name":"x"},"text":"a\u0000b"}}""",
            Fate.Handled).Bytes(id, chat.Person.Value));

        await chat.Says("with a zero");

        await chat.Sees("Не понял вас.");
    }

    [Fact]
    public async Task An_update_that_the_database_refuses_is_quarantined_and_the_rest_of_its_batch_is_handled()
    {
        var (refused, other) = (await app.GivenPerson(), await app.GivenPerson());
        await app.Database.Execute($"alter table bots.updates add constraint ck_refused check (telegram_id <> {refused.Id}) not valid", Ct);
        app.Telegram.Hold();
        await refused.With(TelegramApp.GuestBot).Says("/start");
        await other.With(TelegramApp.GuestBot).Says("/start");

        app.Telegram.Release();

        await other.With(TelegramApp.GuestBot).Sees("На каком языке");
        (await Quarantined(refused)).ShouldNotBeNull();
        (await app.Database.Scalar<string>("select reason from bots.quarantined_updates where telegram_id = $1", Ct, refused.Id.Value))
            .ShouldBe("SQLSTATE 23514");
        await app.Database.Execute("alter table bots.updates drop constraint ck_refused", Ct);
    }

    [Fact]
    public async Task While_Telegram_throttles_32_chats_the_33rd_is_answered_at_once()
    {
        var flooded = new List<SandboxChat>();
        for (var person = 0; person < 32; person++)
        {
            var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
            await app.Sandbox.GivenFault(new { kind = "tooManyRequests", bot = TelegramApp.GuestBot, method = "sendMessage",
                chatId = chat.Person, retryAfter = 60, times = 1 });
            flooded.Add(chat);
        }

        await Task.WhenAll(flooded.Select(chat => chat.Says("/start")));
        await Eventually.IsTrue(async () =>
            (await app.Sandbox.Requests()).Count(request => request.Status == 429 && flooded.Any(chat => chat.Person.Value == request.ChatId)) == 32, Ct);
        var other = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        var started = Stopwatch.GetTimestamp();

        await other.Says("/start");
        await other.Sees("На каком языке");

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await flooded[0].Count("На каком языке")).ShouldBe(0);
    }

    [Fact]
    public async Task A_countdown_continues_while_Telegram_throttles_another_chat()
    {
        var (flooded, other) = ((await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot), (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot));
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", bot = TelegramApp.GuestBot, method = "editMessageText",
            chatId = flooded.Person, retryAfter = 600, times = 1 });
        await flooded.Says("/code");
        await Eventually.IsTrue(async () => (await app.Sandbox.Requests("editMessageText", flooded.Person)).Any(edit => edit.Status == 429), Ct);
        var before = (await app.Sandbox.Requests("editMessageText", flooded.Person)).Count;

        await other.Says("/code");
        await Eventually.IsTrue(async () => (await app.Sandbox.Requests("editMessageText", other.Person)).Count(edit => edit.Status == 200) >= 3, Ct);

        (await app.Sandbox.Requests("editMessageText", flooded.Person)).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_sent_message_is_not_repeated_when_Telegrams_answer_cannot_be_parsed()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        app.Telegram.Answer((method, asked) => method == "sendMessage" && asked.GetProperty("chat_id").GetInt64() == person.Id.Value ? "{}"u8.ToArray() : null);

        await chat.Says("/help");
        await chat.Sees("Покажите код на кассе, чтобы получить баллы");
        await app.Handled(person.Id);

        (await chat.Count("Покажите код на кассе, чтобы получить баллы")).ShouldBe(1);
        app.Telegram.Answer((_, _) => null);
    }

    [Theory]
    [InlineData(TelegramApp.GuestBot)]
    [InlineData(TelegramApp.CounterBot)]
    public async Task An_edited_message_is_answered_with_a_request_to_send_a_new_one(string bot)
    {
        var chat = (await app.GivenPerson()).With(bot);
        app.Telegram.Replace($"edited {bot}", id => new HostileUpdate(
            """{"update_id":{id},"edited_message":{"message_id":5,"date":1764300000,"edit_date":1764300009,"chat":{"id":{person},"type":"private"},"from":{"id":{person},"is_bot":false,"first_name":"x","language_code":"ru"},"text":"1250"}}""",
            Fate.Handled).Bytes(id, chat.Person.Value));

        await chat.Says($"edited {bot}");

        await chat.Sees("Я не вижу правок в сообщениях");
    }

    [Fact]
    public async Task The_health_check_reports_a_bot_without_updates_and_not_the_other_bot()
    {
        await app.Sandbox.GivenFault(new { bot = TelegramApp.GuestBot, method = "getUpdates", kind = "serverError" });

        await Eventually.IsTrue(async () => (await Health("client bot")).StartsWith("degraded: no updates since 20", StringComparison.Ordinal), Ct);
        (await Health("barista bot")).ShouldBe("healthy: @coffee_counter_bot");
        await app.Sandbox.ClearFaults();

        await Eventually.IsTrue(async () => await Health("client bot") == "healthy: @coffee_guest_bot", Ct);
    }

    private async Task<string> Health(string check)
    {
        using var client = app.Bots.Client(token: null);
        var report = await client.GetFromJsonAsync<JsonElement>("/health/ready", Ct);
        var found = report.GetProperty("checks").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == check);
        return $"{found.GetProperty("status").GetString()}: {(found.TryGetProperty("note", out var note) ? note.GetString() : "")}";
    }

    private Task<byte[]?> Quarantined(SandboxPerson person) =>
        app.Database.Scalar<byte[]>("select content from bots.quarantined_updates where telegram_id = $1", Ct, person.Id.Value);

    /// <summary>The bots reach the sandbox through <see cref="TamperingProxy"/>.</summary>
    public sealed class App : TelegramApp
    {
        public TamperingProxy Telegram { get; private set; } = null!;

        protected override IEnumerable<KeyValuePair<string, string>> SettingsOf(string service) => service == "bots"
            ?
            [
                .. base.SettingsOf(service), new("TELEGRAM_API_URL", Telegram.Address), new("Bots:LongPoll", "00:00:02"), new("Bots:StalledAfter", "00:00:08"),
            ]
            : base.SettingsOf(service);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (Telegram is not null)
            {
                await Telegram.DisposeAsync();
            }
        }

        protected override async Task BeforeServices()
        {
            await base.BeforeServices();
            Telegram = await TamperingProxy.Start(Sandbox.Address);
        }
    }
}
