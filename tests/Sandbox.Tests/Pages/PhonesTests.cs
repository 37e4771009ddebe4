using Microsoft.Playwright;
using Platform.Testing;
using static Microsoft.Playwright.Assertions;

namespace Platform.Sandbox.Tests.Pages;

/// <summary>The page in a real browser.</summary>
public sealed class PhonesTests(PhonesTests.Browser browser) : IClassFixture<PhonesTests.Browser>
{
    [Fact]
    public async Task Two_people_talk_to_their_bots_side_by_side()
    {
        await using var sandbox = await SandboxUnderTest.Start(settings:
        [
            ("Sandbox:Bots:1:Token", "5001:barista"), ("Sandbox:Bots:1:Username", "barista_bot"), ("Sandbox:Bots:1:Name", "Barista"),
        ]);
        var page = await browser.Open(sandbox, $"?left={SandboxUnderTest.Anna}:test_bot:ref_42&right=boris_barista:barista_bot");
        var (left, right) = (page.GetByTestId("phone-left"), page.GetByTestId("phone-right"));

        await left.GetByTestId("start").ClickAsync();
        await Expect(left.GetByTestId("message")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^/start ref_42"));
        (await sandbox.Bot.Updates()).ShouldHaveSingleItem().GetProperty("message").GetProperty("text").GetString().ShouldBe("/start ref_42");
        await Expect(right.GetByTestId("start")).ToBeVisibleAsync();

        var share = new { keyboard = new[] { new[] { new { text = "Share", request_contact = true } } }, one_time_keyboard = true };
        await sandbox.Bot.SendMessage(SandboxUnderTest.Anna, "<b>Your number?</b>", share, "HTML");
        await Expect(left.GetByTestId("message").Last.Locator("b")).ToHaveTextAsync("Your number?");
        await left.GetByTestId("reply-button").ClickAsync();
        await Expect(left.GetByTestId("message").Last).ToContainTextAsync("+7 900 555-01-01");
        await Expect(left.GetByTestId("reply-button")).ToHaveCountAsync(0);

        await left.GetByTestId("compose").FillAsync("Первая\nвторая");
        await left.GetByTestId("compose").PressAsync("Enter");
        await Expect(left.Locator("[data-testid=message][data-from=person]").Last).ToContainTextAsync("Первая\nвторая");
        await Expect(left.GetByTestId("compose")).ToHaveValueAsync("");
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_changes_in_place_after_its_button_is_pressed()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        var id = (await sandbox.Bot.SendMessage(anna.Id, "Spend?", Buttons.Inline(("Yes", "y"), ("No", "n")))).GetProperty("message_id").GetInt32();
        var page = await browser.Open(sandbox, $"?left={anna.Id}:test_bot");
        var left = page.GetByTestId("phone-left");

        await left.GetByTestId("inline-button").First.ClickAsync();
        var query = (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("callback_query");
        await sandbox.Bot.Call(
            "editMessageText", new { chat_id = anna.Id, message_id = id, text = "Spent", reply_markup = Buttons.Inline(("Undo", "u")) });
        await Expect(left.GetByTestId("message").Last).ToContainTextAsync("Spent");
        await Expect(left.GetByTestId("inline-button")).ToHaveTextAsync(["Undo"]);
        await Expect(left.GetByTestId("inline-button")).ToBeFocusedAsync();

        await sandbox.Bot.Call(
            "answerCallbackQuery", new { callback_query_id = query.GetProperty("id").GetString(), text = "120 points", show_alert = true });
        await Expect(left.GetByTestId("alert")).ToContainTextAsync("120 points");
        await page.Keyboard.PressAsync("Enter");
        await Expect(left.GetByTestId("alert")).ToBeHiddenAsync();
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Commands_files_and_blocking_work_from_the_page()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await sandbox.Bot.Call("setMyCommands", new
        {
            commands = new[] { new { command = "code", description = "Pay" }, new { command = "me", description = "Profile" } },
        });
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
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_added_person_is_selected_on_the_phone()
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
        (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("message").GetProperty("from")
            .GetProperty("first_name").GetString().ShouldBe("Зоя");
    }

    [Fact]
    public async Task Errors_of_the_new_person_form_use_the_language_of_the_page()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, "");
        var form = page.GetByTestId("add-person-form");
        var error = form.Locator(".error");
        await page.GetByTestId("phone-left").GetByTestId("add-person").ClickAsync();

        await form.Locator("[name=firstName]").FillAsync("   ");
        await form.Locator("[type=submit]").ClickAsync();
        await Expect(error).ToHaveTextAsync("Укажите имя: до 64 символов.");

        await form.Locator("[name=firstName]").FillAsync("Зоя");
        await form.Locator("[name=phone]").FillAsync("12");
        await form.Locator("[type=submit]").ClickAsync();
        await Expect(error).ToHaveTextAsync("Укажите номер с кодом страны: от 7 до 15 цифр.");

        await form.Locator("[name=phone]").FillAsync("+79005550101");
        await form.Locator("[type=submit]").ClickAsync();
        await Expect(error).ToHaveTextAsync("Этот номер уже занят.");
        (await sandbox.Get("/api/people")).Json.GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task Keyboard_focus_moves_to_the_input_when_the_pressed_button_is_gone()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, $"?left={SandboxUnderTest.Anna}:test_bot");
        var left = page.GetByTestId("phone-left");
        var input = left.GetByTestId("compose");

        // The page may still be drawing when the first key arrives.
        await Eventually.Passes(
            async () =>
            {
                if (await left.GetByTestId("start").IsVisibleAsync())
                {
                    await left.GetByTestId("start").PressAsync("Enter");
                }

                (await input.EvaluateAsync<bool>("field => field === document.activeElement")).ShouldBeTrue();
            },
            TestContext.Current.CancellationToken);

        var id = (await sandbox.Bot.SendMessage(SandboxUnderTest.Anna, "Agree to the terms?", Buttons.Inline(("Yes", "y"))))
            .GetProperty("message_id").GetInt32();
        await page.RunAndWaitForResponseAsync(
            () => left.GetByTestId("inline-button").PressAsync("Enter"), answer => answer.Url.EndsWith("/press", StringComparison.Ordinal));
        await sandbox.Bot.Call("editMessageText", new { chat_id = SandboxUnderTest.Anna, message_id = id, text = "Agreed" });
        await Expect(left.GetByTestId("inline-button")).ToHaveCountAsync(0);
        await Expect(input).ToBeFocusedAsync();

        await sandbox.Bot.SendMessage(SandboxUnderTest.Anna, "Menu", Buttons.Reply("Code", "Profile"));
        await left.GetByTestId("reply-button").First.PressAsync("Enter");
        await Expect(input).ToBeFocusedAsync();
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_is_edited_with_its_pencil_and_the_last_one_with_the_up_arrow()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await anna.Write("125");
        await sandbox.Bot.ConfirmAll();
        var page = await browser.Open(sandbox, $"?left={anna.Id}:test_bot");
        var left = page.GetByTestId("phone-left");
        var (input, last) = (left.GetByTestId("compose"), left.GetByTestId("message").Last);

        await last.HoverAsync();
        await last.GetByTestId("edit").ClickAsync();
        await Expect(left.GetByTestId("editing")).ToBeVisibleAsync();
        await Expect(input).ToHaveValueAsync("125");
        await input.FillAsync("1250");
        await input.PressAsync("Enter");
        await Expect(last).ToContainTextAsync("1250");
        await Expect(last).ToContainTextAsync("изменено");
        await Expect(left.GetByTestId("editing")).ToBeHiddenAsync();
        (await sandbox.Bot.Updates(timeout: 20)).ShouldHaveSingleItem().GetProperty("edited_message").GetProperty("text").GetString().ShouldBe("1250");

        await input.PressAsync("ArrowUp");
        await Expect(input).ToHaveValueAsync("1250");
        await input.PressAsync("Escape");
        await Expect(input).ToHaveValueAsync("");
        await Expect(left.GetByTestId("editing")).ToBeHiddenAsync();
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_square_picture_fits_between_the_header_and_the_keyboard_of_a_small_phone()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);
        await sandbox.Bot.SendMessage(anna.Id, "Menu", new
        {
            keyboard = new[] { new[] { new { text = "Show my code" }, new { text = "My card" } }, [new { text = "Profile" }, new { text = "Settings" }] },
        });
        using var form = new MultipartFormDataContent
        {
            { new StringContent($"{anna.Id}"), "chat_id" },
            { new StringContent("Anna Smirnova\nMNT-0E26BGPQ\nBasic card\n\nThe code is valid for 1 more minute"), "caption" },
            { new StringContent("""{"inline_keyboard":[[{"text":"Refresh","callback_data":"r"}]]}"""), "reply_markup" },
            { new ByteArrayContent(TestFiles.Png(600, 600)), "photo", "qr.png" },
        };
        (await sandbox.Bot.Send("sendPhoto", form)).Status.ShouldBe(200);

        var page = await browser.Open(sandbox, $"?left={anna.Id}:test_bot", width: 360, height: 740);

        var left = page.GetByTestId("phone-left");
        var picture = left.Locator(".photo img");
        await Expect(picture).ToBeVisibleAsync();
        var (list, shown, message) = (await Box(left.GetByTestId("messages")), await Box(picture), await Box(left.GetByTestId("message").Last));
        message.Y.ShouldBeGreaterThanOrEqualTo(list.Y);
        (message.Y + message.Height).ShouldBeLessThanOrEqualTo(list.Y + list.Height);
        shown.Width.ShouldBe(shown.Height, 1);
        shown.Width.ShouldBeGreaterThan(160);

        static async Task<LocatorBoundingBoxResult> Box(ILocator locator) => (await locator.BoundingBoxAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_control_page_works_on_a_narrow_screen_in_both_languages()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, "", width: 360, height: 740);

        await page.GetByTestId("control").ClickAsync();

        await Expect(page.Locator("h1").First).ToHaveTextAsync("Почта");
        await Expect(page.Locator("#reset")).ToHaveTextAsync("Начать заново");
        await page.GetByTestId("language").ClickAsync();
        await Expect(page.Locator("h1").First).ToHaveTextAsync("Mail");
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360);
        (await page.Locator("body").InnerTextAsync()).ShouldNotContain("undefined");
        await page.GotoAsync(sandbox.Address.ToString());
        await Expect(page.GetByTestId("phone-left").GetByTestId("start")).ToHaveTextAsync("Start");
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_text_exists_in_both_languages()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, "");

        var keys = await page.EvaluateAsync<string[][]>("""
            import('/texts.js').then(texts => {
              const keys = (of, path = '') => Object.entries(of).flatMap(([key, value]) => typeof value === 'string' ? [path + key] : keys(value, `${path}${key}.`));
              return [keys(texts.all.en), keys(texts.all.ru)];
            })
            """);

        keys[0].Length.ShouldBeGreaterThan(90);
        keys[1].ShouldBe(keys[0]);
    }

    [Fact]
    public async Task Tabs_switch_between_the_phones_on_a_narrow_screen()
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
    public async Task The_page_uses_the_language_of_the_browser_by_default()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var page = await browser.Open(sandbox, "");
        var start = page.GetByTestId("phone-left").GetByTestId("start");

        await Expect(start).ToHaveTextAsync("Начать");
        await page.GetByTestId("language").ClickAsync();
        await Expect(start).ToHaveTextAsync("Start");
        (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
    }

    /// <summary>One browser per class; each page has its own context.</summary>
    public sealed class Browser : IAsyncLifetime
    {
        private const string Chromium = "/usr/bin/chromium";

        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _errors = new();
        private IPlaywright? _playwright;
        private IBrowser? _browser;
        private IBrowserContext? _context;

        /// <summary>Warnings and errors on the console, such as policy violations and failed scripts.</summary>
        internal IReadOnlyCollection<string> ConsoleErrors => _errors;

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
            // The previous page would report its stopped sandbox.
            await (_context?.CloseAsync() ?? Task.CompletedTask);
            _errors.Clear();
            _context = await _browser!.NewContextAsync(new BrowserNewContextOptions
            {
                Locale = "ru-RU",
                ViewportSize = new ViewportSize { Width = width, Height = height },
            });
            var page = await _context.NewPageAsync();
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                {
                    _errors.Enqueue(message.Text);
                }
            };
            page.PageError += (_, error) => _errors.Enqueue(error);
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
