using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

public sealed class CommandsTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "Show my code")]
    [InlineData("ru", "Показать код")]
    [InlineData("kk", "Показать код")]
    public async Task Commands_are_described_in_Russian_to_those_who_read_it_and_in_English_to_all_others(string? language, string description)
    {
        var told = await Eventually.Get(
            async () => (await app.Sandbox.Requests("setMyCommands")).LastOrDefault(request => request.Bot == TelegramApp.GuestBot && LanguageOf(request) == language),
            request => request is not null, Ct);

        told!.Body.GetProperty("commands").ToString().ShouldContain(description);
    }

    private static string? LanguageOf(BotRequest request) => request.Body.TryGetProperty("language_code", out var language) ? language.GetString() : null;
}
