using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

public sealed class CommandsTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "Show my code")]
    [InlineData("ru", "Показать код")]
    [InlineData("kk", "Показать код")]
    public async Task Commands_are_described_in_the_language_that_the_person_reads(string? language, string description)
    {
        var request = await Eventually.Get(
            async () => (await app.Sandbox.Requests("setMyCommands")).LastOrDefault(call => call.Bot == TelegramApp.GuestBot && LanguageOf(call) == language),
            call => call is not null, Ct);

        request!.Body.GetProperty("commands").ToString().ShouldContain(description);
    }

    private static string? LanguageOf(BotRequest request) => request.Body.TryGetProperty("language_code", out var language) ? language.GetString() : null;
}
