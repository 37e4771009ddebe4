using System.Text;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Sandbox.Tests.PersonApi;

public sealed class PersonApiTests
{
    [Fact]
    public async Task The_sandbox_starts_with_the_same_people_each_time()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        var people = (await sandbox.Get("/api/people")).Json.EnumerateArray().ToArray();

        people.Select(person => person.GetProperty("id").GetInt64()).ShouldBe(
            [7_200_000_001, 7_000_000_001, 7_200_000_002, 7_100_000_001, 7_100_000_002, 7_200_000_003]);
        people[0].GetRawText().ShouldBe(
            """{"id":7200000001,"firstName":"Анна","lastName":"Смирнова","username":"anna_smirnova","languageCode":"ru","phone":"79005550101"}""");
    }

    [Fact]
    public async Task A_new_person_gets_an_id_and_a_phone_number()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        var first = (await sandbox.Post("/api/people", new { firstName = "Зоя" })).Json;
        var second = (await sandbox.Post("/api/people", new { firstName = "Яков", phone = "+79001112233", id = 5 })).Json;

        first.GetProperty("id").GetInt64().ShouldBeGreaterThan(7_300_000_000);
        first.GetProperty("phone").GetString().ShouldNotBeNull().ShouldStartWith("7900");
        second.GetProperty("id").GetInt64().ShouldBe(5);
        second.GetProperty("phone").GetString().ShouldBe("79001112233");
        (await sandbox.Post("/api/people", new { firstName = "Another", id = 5 })).ShouldBeProblem(409);
        await sandbox.Person(5).Write("/start");
        (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("message").GetProperty("from").GetProperty("first_name").GetString()
            .ShouldBe("Яков");
    }

    [Fact]
    public async Task Bots_are_listed_without_their_tokens()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Get("/api/bots")).Body.ShouldBe("""[{"id":4001,"username":"test_bot","name":"Test","commands":[]}]""");
    }

    [Fact]
    public async Task A_chat_begins_empty_and_not_started()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        var chat = await sandbox.Person(SandboxUnderTest.Anna).Chat();

        chat.GetProperty("started").GetBoolean().ShouldBeFalse();
        chat.GetProperty("blocked").GetBoolean().ShouldBeFalse();
        chat.GetProperty("messages").GetArrayLength().ShouldBe(0);
        chat.GetProperty("bot").GetProperty("username").GetString().ShouldBe("test_bot");
        chat.GetProperty("person").GetProperty("firstName").GetString().ShouldBe("Анна");
    }

    [Fact]
    public async Task A_persons_own_number_replies_to_the_message_that_asked_for_it()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var keyboard = new { keyboard = new[] { new[] { new { text = "Share", request_contact = true } } }, one_time_keyboard = true };
        var asked = (await sandbox.Bot.SendMessage(anna.Id, "Your number?", keyboard))
            .GetProperty("message_id").GetInt32();

        (await anna.Post("/contact", new { })).Status.ShouldBe(200);

        var message = (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("message");
        message.GetProperty("contact").GetRawText()
            .ShouldBe("""{"phone_number":"79005550101","first_name":"Анна","last_name":"Смирнова","user_id":7200000001}""");
        message.GetProperty("reply_to_message").GetProperty("message_id").GetInt32().ShouldBe(asked);
        (await anna.Chat()).TryGetProperty("replyKeyboard", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_contact_of_another_person_has_no_user_id()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        await anna.Post("/contact", new { phone = "+79001112233", firstName = "Боб" });

        (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("message").GetProperty("contact").GetRawText()
            .ShouldBe("""{"phone_number":"79001112233","first_name":"Боб"}""");
    }

    [Fact]
    public async Task The_bot_gets_an_edited_message_with_its_new_text()
    {
        var clock = SandboxUnderTest.Clock();
        await using var sandbox = await SandboxUnderTest.Start(clock);
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = await anna.Write("125");
        await sandbox.Bot.ConfirmAll();

        clock.Advance(TimeSpan.FromSeconds(5));
        (await anna.Post("/edit", new { messageId = id, text = "1250" })).Status.ShouldBe(204);
        (await anna.Post("/edit", new { messageId = id, text = "1250" })).Status.ShouldBe(204);

        var edited = (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("edited_message");
        edited.GetProperty("message_id").GetInt32().ShouldBe(id);
        edited.GetProperty("text").GetString().ShouldBe("1250");
        (edited.GetProperty("edit_date").GetInt64() - edited.GetProperty("date").GetInt64()).ShouldBe(5);
        (await anna.LastMessage()).GetProperty("text").GetString().ShouldBe("1250");
        (await anna.LastMessage()).TryGetProperty("editedAt", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_person_can_edit_only_their_own_text_within_48_hours()
    {
        var clock = SandboxUnderTest.Clock();
        await using var sandbox = await SandboxUnderTest.Start(clock);
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var text = await anna.Write("125");
        var contact = (await anna.Post("/contact")).Json.GetProperty("messageId").GetInt32();
        var answer = (await sandbox.Bot.SendMessage(anna.Id, "Thanks")).GetProperty("message_id").GetInt32();
        await sandbox.Bot.ConfirmAll();

        (await Edit(answer)).ShouldBeProblem(404);
        (await Edit(contact)).ShouldBeProblem(409);
        (await anna.Post("/edit", new { messageId = text, text = "" })).ShouldBeProblem(400);
        await anna.Post("/block");
        (await Edit(text)).ShouldBeProblem(409);
        await anna.Post("/unblock");
        clock.Advance(TimeSpan.FromHours(48) + TimeSpan.FromSeconds(1));
        (await Edit(text)).ShouldBeProblem(409);

        (await sandbox.Bot.Updates()).ShouldAllBe(update => update.GetProperty("my_chat_member").ValueKind == JsonValueKind.Object);

        Task<Answer> Edit(int id) => anna.Post("/edit", new { messageId = id, text = "1250" });
    }

    [Fact]
    public async Task A_bot_that_does_not_allow_edited_messages_gets_none()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await sandbox.Bot.Call("getUpdates", new { allowed_updates = (string[])["message"] });
        var id = await anna.Write("125");
        await sandbox.Bot.ConfirmAll();

        (await anna.Post("/edit", new { messageId = id, text = "1250" })).Status.ShouldBe(204);

        (await sandbox.Bot.Updates()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_people_share_a_phone_only_on_request()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        var refused = await sandbox.Post("/api/people", new { firstName = "Зоя", phone = "+79005550101" });
        refused.ShouldBeProblem(409);
        refused.Json.GetProperty("code").GetString().ShouldBe("phone_taken");

        // A new account of someone who lost the old one.
        (await sandbox.Post("/api/people", new { firstName = "Анна", phone = "+79005550101", samePhone = true })).Status.ShouldBe(201);
        (await sandbox.Get("/api/people")).Json.GetArrayLength().ShouldBe(7);
    }

    [Fact]
    public async Task Blocking_and_unblocking_send_the_bot_one_update_each()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        await anna.Post("/block");
        await anna.Post("/block");
        (await anna.Post("/messages", new { text = "hello" })).ShouldBeProblem(409);
        await anna.Post("/unblock");
        await anna.Post("/unblock");

        (await sandbox.Bot.Updates()).Select(update => update.GetProperty("my_chat_member"))
            .Select(change => $"{Status(change, "old_chat_member")} -> {Status(change, "new_chat_member")}")
            .ShouldBe(["member -> kicked", "kicked -> member"]);

        static string? Status(JsonElement change, string side) => change.GetProperty(side).GetProperty("status").GetString();
    }

    [Fact]
    public async Task The_bot_may_still_write_after_the_history_is_cleared()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await sandbox.Bot.SendMessage(anna.Id, "Choose", Buttons.Reply("A"));

        (await anna.Post("/clear")).Status.ShouldBe(204);

        (await anna.Messages()).ShouldBeEmpty();
        (await anna.Chat()).TryGetProperty("replyKeyboard", out _).ShouldBeFalse();
        await sandbox.Bot.SendMessage(anna.Id, "Still here");
        (await anna.Messages()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Every_change_of_a_chat_is_streamed()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = sandbox.Person(SandboxUnderTest.Anna);
        await using var states = anna.Follow(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        (await Next(state => true)).GetProperty("started").GetBoolean().ShouldBeFalse();
        await anna.Write("/start");
        await Next(state => state.GetProperty("started").GetBoolean());
        var id = (await sandbox.Bot.SendMessage(anna.Id, "one")).GetProperty("message_id").GetInt32();
        await Next(state => Last(state) == "one");
        await sandbox.Bot.Call("editMessageText", new { chat_id = anna.Id, message_id = id, text = "two" });
        await Next(state => Last(state) == "two");
        await sandbox.Bot.Call("sendChatAction", new { chat_id = anna.Id, action = "typing" });
        await Next(state => state.TryGetProperty("typing", out _));
        await Next(state => !state.TryGetProperty("typing", out _));
        await anna.Post("/block");
        await Next(state => state.GetProperty("blocked").GetBoolean());

        async Task<JsonElement> Next(Func<JsonElement, bool> wanted)
        {
            using var within = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            within.CancelAfter(Eventually.Within);
            while (await states.MoveNextAsync().AsTask().WaitAsync(within.Token))
            {
                if (wanted(states.Current))
                {
                    return states.Current;
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }

        static string? Last(JsonElement state) => state.GetProperty("messages").EnumerateArray().Last().GetProperty("text").GetString();
    }

    [Fact]
    public async Task Messages_do_not_leak_into_other_chats()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await sandbox.Post("/control/bots", new { token = "5001:other", username = "other_bot" });
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var john = await sandbox.Started(SandboxUnderTest.John);

        await sandbox.Bot.SendMessage(anna.Id, "For Anna");

        (await anna.Messages()).Count.ShouldBe(2);
        (await john.Messages()).Count.ShouldBe(1);
        (await sandbox.Person(anna.Id, "other_bot").Messages()).ShouldBeEmpty();
        (await new BotClient(sandbox.Client, "5001:other").Updates()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/people", "{", 400)]
    [InlineData("/api/people", "{}", 400)]
    [InlineData("/api/people", """{"firstName":""}""", 400)]
    [InlineData("/api/people", """{"firstName":"A","id":-1}""", 400)]
    [InlineData("/api/people", """{"firstName":"A","phone":"secret"}""", 400)]
    [InlineData("/api/people", """{"firstName":"A","languageCode":"<b>"}""", 400)]
    [InlineData("/api/chats/test_bot/7200000001/messages", "{", 400)]
    [InlineData("/api/chats/test_bot/7200000001/messages", "null", 400)]
    [InlineData("/api/chats/test_bot/7200000001/messages", """{"text":""}""", 400)]
    [InlineData("/api/chats/test_bot/7200000001/messages", """{"text":7}""", 400)]
    [InlineData("/api/chats/test_bot/0/messages", """{"text":"a"}""", 400)]
    [InlineData("/api/chats/test_bot/5/messages", """{"text":"a"}""", 404)]
    [InlineData("/api/chats/unknown/7200000001/messages", """{"text":"a"}""", 404)]
    [InlineData("/api/chats/test_bot/7200000001/contact", """{"phone":"none"}""", 400)]
    [InlineData("/api/chats/test_bot/7200000001/press", """{"messageId":"x"}""", 400)]
    [InlineData("/api/chats/unknown/7200000001/block", "{}", 404)]
    [InlineData("/control/faults", """{"kind":"sunshine"}""", 400)]
    [InlineData("/control/faults", """{"kind":"delay","seconds":-1}""", 400)]
    [InlineData("/control/bots", """{"token":"x","username":"some_bot"}""", 400)]
    [InlineData("/control/bots", """{"token":"4001:again","username":"some_bot"}""", 409)]
    [InlineData("/control/bots", """{"token":"5001:new","username":"TEST_bot"}""", 409)]
    public async Task An_invalid_call_returns_a_problem(string path, string body, int status)
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Post(path, new StringContent(body, Encoding.UTF8, "application/json"))).ShouldBeProblem(status);
    }
}
