namespace Platform.EndToEnd.Tests.Story;

/// <summary>In a browser: every item of both bots' menus gets an answer that is not an error, in Russian and in English.</summary>
[Collection<Stories>]
public sealed class EveryMenuItemTests(StoryApp app)
{
    private static readonly string[] Errors =
    [
        "Сейчас не получилось", "Не понял", "Не понимаю", "отключено", "Слишком много", "для сотрудников",
        "That didn’t work", "didn’t get that", "didn't understand", "turned off", "Too many", "is for staff",
    ];

    [Theory]
    [InlineData("ru", "Пришлите код гостя", "🚨 Сигналы", "📣 Написать всем")]
    [InlineData("en", "Send the guest's code", "🚨 Alerts", "📣 Message all")]
    public async Task Every_item_of_the_baristas_menu_is_answered(string language, string welcome, params string[] ofManagers)
    {
        await app.SetCardCodes(on: true);
        var (guest, manager) = (await app.GivenPerson(), await app.GivenBarista(language, role: "manager", broadcast: true));
        await using var counter = await app.Open(guest, manager, language);

        await counter.Barista.Starts();
        await counter.Barista.Sees(welcome);
        var menu = await counter.Barista.Menu();
        menu.Count.ShouldBe(10);
        menu.ShouldBeUnique();
        ofManagers.ShouldBeSubsetOf(menu);
        await PressAll(counter, counter.Barista, menu, welcome, $"menu-barista-{language}");
    }

    [Theory]
    [InlineData("ru", "Здравствуйте, ")]
    [InlineData("en", "Hello, ")]
    public async Task Every_item_of_the_guests_menu_is_answered(string language, string welcome)
    {
        await app.SetCardCodes(on: true);
        var (guest, barista) = (await app.GivenRegisteredPerson(), await app.GivenBarista(language));
        await using var counter = await app.Open(guest, barista, language);

        await counter.Guest.Says("/language");
        await counter.Guest.Presses(language == "ru" ? "🇷🇺 Русский" : "🇬🇧 English");
        await counter.Guest.Sees(language == "ru" ? "говорим по-русски" : "English it is");
        await counter.Guest.Says("/start");
        await counter.Guest.Sees(welcome);
        var menu = await counter.Guest.Menu();
        menu.Count.ShouldBeGreaterThanOrEqualTo(10);
        menu.ShouldBeUnique();
        await PressAll(counter, counter.Guest, menu, welcome, $"menu-guest-{language}");
    }

    private static async Task PressAll(Counter counter, Phone phone, IReadOnlyList<string> menu, string welcome, string picture)
    {
        await counter.Photograph(picture);
        foreach (var (number, item) in menu.Index())
        {
            var answer = await phone.AnswerTo(() => phone.Presses(item));
            Errors.Where(error => answer.Contains(error, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty($"{item}: {answer}");
            await counter.Photograph($"{picture}-{number + 1}");

            // Back to the menu, from whatever was asked.
            await phone.AnswerTo(() => phone.Says("/start"));
            await phone.SeesLast(welcome);
            (await phone.Menu()).ShouldBe(menu);
        }
    }
}
