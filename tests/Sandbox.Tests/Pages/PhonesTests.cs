using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Platform.Sandbox.Tests.Pages;

/// <summary>The page in a real browser.</summary>
public sealed class PhonesTests(PhonesTests.Browser browser) : IClassFixture<PhonesTests.Browser>
{
    [Fact]
    public async Task Two_people_talk_to_their_bots_side_by_side()
    {
        await using var sandbox = await SandboxUnderTest.Start(settings: [("Sandbox:Bots:1:Token", "5001:barista"), ("Sandbox:Bots:1:Username", "barista_bot"), ("Sandbox:Bots:1:Name", "Barista")]);
        var page = await browser.Open(sandbox, $"?left={SandboxUnderTest.Anna}:test_bot:ref_42&right=boris_barista:barista_bot");
        var (left, right) = (page.GetByTestId("phone-left"), page.GetByTestId("phone-right"));

        await left.GetByTestId("start").ClickAsync();
        await Expect(left.GetByTestId("message")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^/start ref_42"));
        (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("message").GetProperty("text").GetString().ShouldBe("/start ref_42");
        await Expect(right.GetByTestId("start")).ToBeVisibleAsync();

        await sandbox.Bot.SendMessage(SandboxUnderTest.Anna, "<b>Your number?</b>", new { keyboard = new[] { new[] { new { text = "Share", request_contact = true } } }, one_time_keyboard = true }, "HTML");
        await Expect(left.GetByTestId("message").Last.Locator("b")).ToHaveTextAsync("Your number?");
        await left.GetByTestId("reply-button").ClickAsync();
        await Expect(left.GetByTestId("message").Last).ToContainTextAsync("+7 900 555-01-01");
        await Expect(left.GetByTestId("reply-button")).ToHaveCountAsync(0);

        await left.GetByTestId("compose").FillAsync("Первая\nвторая");
        await left.GetByTestId("compose").PressAsync("Enter");
        await Expect(left.Locator("[data-testid=message][data-from=person]").Last).ToContainTextAsync("Первая\nвторая");
        await Expect(left.GetByTestId("compose")).ToHaveValueAsync("");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_button_is_pressed_and_its_message_changes_under_the_finger()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = (await sandbox.Bot.SendMessage(anna.Id, "Spend?", Buttons.Inline(("Yes", "y"), ("No", "n")))).GetProperty("message_id").GetInt32();
        var page = await browser.Open(sandbox, $"?left={anna.Id}:test_bot");
        var left = page.GetByTestId("phone-left");

        await left.GetByTestId("inline-button").First.ClickAsync();
        var query = (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("callback_query");
        await sandbox.Bot.Call("editMessageText", new { chat_id = anna.Id, message_id = id, text = "Spent", reply_markup = Buttons.Inline(("Undo", "u")) });
        await Expect(left.GetByTestId("message").Last).ToContainTextAsync("Spent");
        await Expect(left.GetByTestId("inline-button")).ToHaveTextAsync(["Undo"]);
        await Expect(left.GetByTestId("inline-button")).ToBeFocusedAsync();

        await sandbox.Bot.Call("answerCallbackQuery", new { callback_query_id = query.GetProperty("id").GetString(), text = "120 points", show_alert = true });
        await Expect(left.GetByTestId("alert")).ToContainTextAsync("120 points");
        await page.Keyboard.PressAsync("Enter");
        await Expect(left.GetByTestId("alert")).ToBeHiddenAsync();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Commands_files_and_blocking_are_at_hand()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await sandbox.Bot.Call("setMyCommands", new { commands = new[] { new { command = "code", description = "Pay" }, new { command = "me", description = "Profile" } } });
        var page = await browser.Open(sandbox, $"?left={anna.Id}:test_bot");
        var left = page.GetByTestId("phone-left");

        await left.GetByTestId("commands").ClickAsync();
        await left.GetByTestId("command").Last.ClickAsync();
        await Expect(left.GetByTestId("message").Last).ToContainTextAsync("/me");

        await left.GetByTestId("file").SetInputFilesAsync(new FilePayload { Name = "a.png", MimeType = "image/png", Buffer = TestFiles.Png(80, 60) });
        await Expect(left.GetByTestId("message").Last.Locator("img")).ToBeVisibleAsync();

        await left.GetByTestId("more").ClickAsync();
        await left.GetByTestId("block").ClickAsync();
        await Expect(left.GetByTestId("unblock")).ToBeVisibleAsync();
        await Expect(left.GetByTestId("compose")).ToBeHiddenAsync();
        await left.GetByTestId("unblock").ClickAsync();
        await Expect(left.GetByTestId("compose")).ToBeVisibleAsync();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_new_takes_a_phone()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, "");
        var left = page.GetByTestId("phone-left");

        await left.GetByTestId("add-person").ClickAsync();
        var form = page.GetByTestId("add-person-form");
        await form.Locator("[name=firstName]").FillAsync("Зоя");
        await form.Locator("[type=submit]").ClickAsync();

        await Expect(left.GetByTestId("person").Locator("option:checked")).ToHaveTextAsync("Зоя");
        await left.GetByTestId("start").ClickAsync();
        (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("message").GetProperty("from").GetProperty("first_name").GetString().ShouldBe("Зоя");
    }

    [Fact]
    public async Task On_a_narrow_screen_tabs_change_between_the_phones()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, "", width: 360, height: 740);

        await Expect(page.GetByTestId("phone-right")).ToBeHiddenAsync();
        await page.GetByTestId("tab-right").ClickAsync();
        await Expect(page.GetByTestId("phone-right")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("phone-left")).ToBeHiddenAsync();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360);
    }

    [Fact]
    public async Task It_speaks_the_language_of_the_browser_until_the_other_is_chosen()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, "");
        var start = page.GetByTestId("phone-left").GetByTestId("start");

        await Expect(start).ToHaveTextAsync("Начать");
        await page.GetByTestId("language").ClickAsync();
        await Expect(start).ToHaveTextAsync("Start");
        (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
    }

    /// <summary>One browser for the class; each page in a context of its own.</summary>
    public sealed class Browser : IAsyncLifetime
    {
        private const string Chromium = "/usr/bin/chromium";

        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _complaints = new();
        private IPlaywright? _playwright;
        private IBrowser? _browser;
        private IBrowserContext? _context;

        /// <summary>What pages wrote to the console as warnings or errors: what the policy forbids, scripts that fail.</summary>
        internal IReadOnlyCollection<string> Complaints => _complaints;

        public async ValueTask InitializeAsync()
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            });
            SetDefaultExpectTimeout(20_000);
        }

        internal async Task<IPage> Open(SandboxUnderTest sandbox, string query, int width = 1280, int height = 800)
        {
            // The page before sees its sandbox go, and complains.
            await (_context?.CloseAsync() ?? Task.CompletedTask);
            _complaints.Clear();
            _context = await _browser!.NewContextAsync(new BrowserNewContextOptions { Locale = "ru-RU", ViewportSize = new ViewportSize { Width = width, Height = height } });
            var page = await _context.NewPageAsync();
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                {
                    _complaints.Enqueue(message.Text);
                }
            };
            page.PageError += (_, error) => _complaints.Enqueue(error);
            await page.GotoAsync(new Uri(sandbox.Address, "/" + query).ToString());
            return page;
        }

        public async ValueTask DisposeAsync()
        {
            await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
            _playwright?.Dispose();
        }
    }
}
