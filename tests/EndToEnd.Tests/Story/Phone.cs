using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Platform.EndToEnd.Tests.Story;

/// <summary>One of the two phones on the sandbox's page.</summary>
public sealed class Phone(ILocator pane)
{
    // Long, because two cores run the browser and the whole platform at once.
    private static readonly LocatorAssertionsToContainTextOptions WithTimeout = new() { Timeout = 30_000 };

    private ILocator Bot => pane.Locator("[data-testid=message][data-from=bot]");

    public async Task Starts()
    {
        await pane.GetByTestId("start").ClickAsync();
    }

    public async Task Says(string text)
    {
        await pane.GetByTestId("compose").FillAsync(text);
        await pane.GetByTestId("send").ClickAsync();
    }

    /// <summary>Presses the newest button with this label, under a message or below the input.</summary>
    public Task Presses(string label) =>
        pane.Locator("[data-testid=inline-button], [data-testid=reply-button]")
            .Filter(new() { HasTextRegex = new Regex($@"^\s*{Regex.Escape(label)}\s*$") }).Last.ClickAsync();

    /// <summary>Waits for the keyboard below the input, and reads its labels.</summary>
    public async Task<IReadOnlyList<string>> Menu()
    {
        var buttons = pane.GetByTestId("reply-button");
        await Expect(buttons.First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        return [.. (await buttons.AllInnerTextsAsync()).Select(label => label.Trim())];
    }

    /// <summary>Does something and waits for a message of the bot.</summary>
    /// <returns>The first message that it sent in answer.</returns>
    public async Task<string> AnswerTo(Func<Task> action)
    {
        var before = await Bot.CountAsync();
        await action();
        var answer = Bot.Nth(before);
        await Expect(answer).ToBeVisibleAsync(new() { Timeout = 30_000 });
        return await answer.InnerTextAsync();
    }

    /// <summary>Waits until the bot's newest message contains this text.</summary>
    public Task SeesLast(string text) => Expect(Bot.Last).ToContainTextAsync(text, WithTimeout);

    /// <summary>Waits until a message of the bot contains this text.</summary>
    /// <returns>The newest such message.</returns>
    public async Task<string> Sees(string text)
    {
        var said = Bot.Filter(new() { HasText = text }).Last;
        await Expect(said).ToContainTextAsync(text, WithTimeout);
        return await said.InnerTextAsync();
    }
}
