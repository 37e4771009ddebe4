using System.Net;
using System.Text;
using System.Text.Json;

namespace Platform.Sandbox.Tests.BotApi;

/// <summary>How calls are made and refused, whatever the method.</summary>
public sealed class CallingTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_bot_can_read_its_own_account(string method)
    {
        await using var sandbox = await SandboxUnderTest.Start();

        var me = (await sandbox.Send(new HttpMethod(method), sandbox.Bot.PathOf("getMe"))).Result;

        me.GetProperty("id").GetInt64().ShouldBe(4001);
        me.GetProperty("is_bot").GetBoolean().ShouldBeTrue();
        me.GetProperty("first_name").GetString().ShouldBe("Test");
        me.GetProperty("username").GetString().ShouldBe(SandboxUnderTest.Username);
        me.GetProperty("can_join_groups").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_unknown_token_and_an_unknown_method_are_refused()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Post("/bot4001:another-secret/getMe")).ShouldBeRefused(401, "Unauthorized");
        (await sandbox.Post("/botnonsense/getMe")).ShouldBeRefused(401, "Unauthorized");
        (await sandbox.Bot.Call("sendTelepathy")).ShouldBeRefused(404, "Not Found");
        (await sandbox.Get("/file/bot4001:another-secret/photos/file_0.png")).ShouldBeRefused(401, "Unauthorized");
        (await sandbox.Get($"/file/bot{SandboxUnderTest.Token}/photos/nothing.png")).ShouldBeRefused(404, "Not Found");
    }

    [Fact]
    public async Task Method_names_are_case_insensitive()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Bot.Call("GETME")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Parameters_may_come_in_the_query_as_JSON_or_as_a_form()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var fields = new Dictionary<string, string>
        {
            ["chat_id"] = $"{anna.Id}",
            ["text"] = "Один & два",
            ["reply_markup"] = """{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}""",
        };
        using var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            parts.Add(new StringContent(value), name);
        }

        var query = string.Join('&', fields.Select(field => $"{field.Key}={WebUtility.UrlEncode(field.Value)}"));
        (await sandbox.Bot.Get($"sendMessage?{query}")).Status.ShouldBe(200);
        (await sandbox.Bot.Call("sendMessage", new { chat_id = anna.Id, text = fields["text"], reply_markup = Buttons.Inline(("A", "a")) }))
            .Status.ShouldBe(200);
        using (var form = new FormUrlEncodedContent(fields))
        {
            (await sandbox.Bot.Send("sendMessage", form)).Status.ShouldBe(200);
        }

        (await sandbox.Bot.Send("sendMessage", parts)).Status.ShouldBe(200);

        var messages = (await anna.Messages()).Where(message => message.GetProperty("from").GetString() == "bot").ToArray();
        messages.Length.ShouldBe(4);
        messages.ShouldAllBe(message => message.GetProperty("text").GetString() == "Один & два");
        messages.ShouldAllBe(message => message.GetProperty("inlineKeyboard")[0][0].GetProperty("data").GetString() == "a");
    }

    [Fact]
    public async Task Unknown_parameters_are_ignored()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        var sent = await sandbox.Bot.Call(
            "sendMessage", new { chat_id = anna.Id, text = "Hi", colour_of_next_year = new { deep = true }, disable_notification = true });

        sent.Result.GetProperty("text").GetString().ShouldBe("Hi");
    }

    [Theory]
    [InlineData("application/json", "{")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "7")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "{\"chat_id\":}")]
    [InlineData("application/json", "{\"text\":\"\\ud83d\"}")]
    [InlineData("application/json", "{\"chat_id\":{\"deep\":[1]},\"text\":[]}")]
    [InlineData("application/json", "{\"chat_id\":99999999999999999999,\"text\":\"x\"}")]
    [InlineData("application/json", "{\"chat_id\":-1,\"text\":\"x\"}")]
    [InlineData("application/json", "{\"chat_id\":1.5,\"text\":\"x\"}")]
    [InlineData("application/json", "{\"chat_id\":\"@anna\",\"text\":\"x\"}")]
    [InlineData("application/x-www-form-urlencoded", "%%%=&&=&chat_id")]
    [InlineData("multipart/form-data", "no boundary")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nbroken")]
    [InlineData("text/plain", "hello")]
    [InlineData("application/json; charset=utf-16", "{}")]
    public async Task A_body_that_cannot_be_used_is_a_bad_request(string contentType, string body)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var answer = await sandbox.Bot.Send("sendMessage", content);

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json.GetProperty("ok").GetBoolean().ShouldBeFalse();
        answer.Json.GetProperty("description").GetString().ShouldNotBeNull().ShouldStartWith("Bad Request: ");
        (await sandbox.Get("/control/requests")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task No_method_fails_on_invalid_parameters()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var message = (await sandbox.Bot.SendMessage(anna.Id, "Hi")).GetProperty("message_id").GetInt32();
        string[] methods =
        [
            "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage", "sendPhoto", "sendDocument", "sendContact",
            "sendChatAction", "editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup", "deleteMessage",
            "pinChatMessage", "answerCallbackQuery", "setMyCommands", "getMyCommands", "deleteMyCommands", "setChatMenuButton", "getFile",
            "getChat", "getChatMember", "logOut", "close",
        ];
        string[] nonsense =
        [
            "null", "true", "-1", "\"\"", "\"\\u0000\"", "{}", "[[[]]]", "[null]",
            "{\"inline_keyboard\":[[{\"text\":\"\\ud800\",\"callback_data\":\"a\"}]]}", "\"{\"", "1e999",
        ];
        string[] names =
        [
            "text", "reply_markup", "entities", "reply_parameters", "commands", "scope", "allowed_updates", "offset", "limit",
            "url", "photo", "document", "caption",
            "action", "file_id", "user_id", "callback_query_id", "parse_mode", "phone_number", "language_code", "message_id", "media",
        ];

        foreach (var method in methods)
        {
            foreach (var value in nonsense)
            {
                var known = new Dictionary<string, JsonElement>
                {
                    ["chat_id"] = JsonSerializer.SerializeToElement(anna.Id),
                    ["message_id"] = JsonSerializer.SerializeToElement(message),
                };
                var body = $"{{{string.Join(',', names.Select(name => $"\"{name}\":{value}"))},{JsonSerializer.Serialize(known)[1..]}";
                using var content = new StringContent(body, Encoding.UTF8, "application/json");

                var answer = await sandbox.Bot.Send(method, content);

                answer.Status.ShouldBeLessThan(500, $"{method} {value}");
                answer.Json.TryGetProperty("ok", out _).ShouldBeTrue();
            }
        }

        (await sandbox.Get("/control/requests")).Status.ShouldBe(200);
        (await anna.Chat()).GetProperty("started").GetBoolean().ShouldBeTrue();
    }
}
