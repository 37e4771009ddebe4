namespace Platform.Sandbox.Tests.BotApi;

public sealed class CommandsTests
{
    [Fact]
    public async Task A_person_sees_the_commands_of_their_language_and_the_narrowest_scope()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await Set(sandbox, "For all");
        (await Shown(sandbox, SandboxUnderTest.Anna)).ShouldBe("For all");

        await Set(sandbox, "Для всех", language: "ru");
        (await Shown(sandbox, SandboxUnderTest.Anna)).ShouldBe("Для всех");
        (await Shown(sandbox, SandboxUnderTest.John)).ShouldBe("For all");

        await Set(sandbox, "In private", scope: new { type = "all_private_chats" });
        (await Shown(sandbox, SandboxUnderTest.Anna)).ShouldBe("In private");

        await Set(sandbox, "For John", scope: new { type = "chat", chat_id = SandboxUnderTest.John });
        (await Shown(sandbox, SandboxUnderTest.John)).ShouldBe("For John");

        await sandbox.Bot.Call("deleteMyCommands", new { scope = new { type = "chat", chat_id = SandboxUnderTest.John } });
        (await Shown(sandbox, SandboxUnderTest.John)).ShouldBe("In private");
    }

    [Fact]
    public async Task Commands_are_returned_as_they_were_set()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await sandbox.Bot.Call("setMyCommands", new
        {
            commands = new[] { new { command = "/code", description = " Pay " }, new { command = "me", description = "Profile" } },
        });

        (await sandbox.Bot.Call("getMyCommands")).Result.GetRawText()
            .ShouldBe("""[{"command":"code","description":"Pay"},{"command":"me","description":"Profile"}]""");
        (await sandbox.Bot.Call("getMyCommands", new { language_code = "ru" })).Result.GetArrayLength().ShouldBe(0);
        (await sandbox.Get("/api/bots")).Json[0].GetProperty("commands")[0].GetProperty("command").GetString().ShouldBe("code");
        (await sandbox.Bot.Call("setChatMenuButton", new { menu_button = new { type = "commands" } })).Result.GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("""[{"command":"Код","description":"x"}]""", "BOT_COMMAND_INVALID")]
    [InlineData("""[{"command":"","description":"x"}]""", "BOT_COMMAND_INVALID")]
    [InlineData("""[null]""", "BOT_COMMAND_INVALID")]
    [InlineData("""[{"command":"code","description":""}]""", "BOT_COMMAND_DESCRIPTION_INVALID")]
    [InlineData("""{}""", "can't parse commands JSON object")]
    public async Task Commands_that_Telegram_would_reject_are_refused(string commands, string description)
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Bot.Call("setMyCommands", new { commands })).ShouldBeRefused(400, $"Bad Request: {description}");
    }

    private static async Task Set(SandboxUnderTest sandbox, string description, object? scope = null, string? language = null) =>
        (await sandbox.Bot.Call("setMyCommands", new { commands = new[] { new { command = "code", description } }, scope, language_code = language }))
            .Status.ShouldBe(200);

    private static async Task<string?> Shown(SandboxUnderTest sandbox, long person) =>
        (await sandbox.Person(person).Chat()).GetProperty("commands")[0].GetProperty("description").GetString();
}
