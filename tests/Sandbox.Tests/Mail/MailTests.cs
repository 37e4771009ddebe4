using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using Platform.Testing;
using static Microsoft.Playwright.Assertions;

namespace Platform.Sandbox.Tests.Mail;

public sealed class MailTests(Pages.PhonesTests.Browser browser) : IClassFixture<Pages.PhonesTests.Browser>
{
    private readonly int _port = Ports.Free();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_is_accepted_and_decoded()
    {
        await using var sandbox = await Start();
        var text = "Ваш код: 493027\n\n.Точка в начале строки\n" + string.Join(' ', Enumerable.Repeat("слово", 200)) + "\n";

        await Send("Код для входа: длинная тема, которая не помещается в одну строку заголовка", text, "Anna@example.com", "boris@example.com");

        var mail = (await sandbox.Get("/control/mail")).Json.EnumerateArray().ShouldHaveSingleItem();
        mail.GetProperty("from").GetString().ShouldBe("hello@coffee.example");
        mail.GetProperty("to").EnumerateArray().Select(to => to.GetString()).ShouldBe(["anna@example.com", "boris@example.com"]);
        mail.GetProperty("subject").GetString().ShouldBe("Код для входа: длинная тема, которая не помещается в одну строку заголовка");
        mail.GetProperty("text").GetString()!.TrimEnd('\n').ShouldBe(text.TrimEnd('\n'));
    }

    [Fact]
    public async Task Mail_is_found_by_address_and_sequence_and_cleared_by_a_reset()
    {
        await using var sandbox = await Start();
        await Send("1", "one", "anna@example.com");
        await Send("2", "two", "boris@example.com");
        await Send("3", "three", "anna@example.com");

        (await Subjects("?to=ANNA@example.com")).ShouldBe(["1", "3"]);
        (await Subjects("?after=1")).ShouldBe(["2", "3"]);
        (await Subjects("?to=unknown@example.com")).ShouldBeEmpty();

        await sandbox.Post("/control/reset");
        (await Subjects("")).ShouldBeEmpty();
        await Send("4", "four", "anna@example.com");
        (await Subjects("?after=3")).ShouldBe(["4"]);

        async Task<IEnumerable<string?>> Subjects(string query) =>
            (await sandbox.Get($"/control/mail{query}")).Json.EnumerateArray().Select(mail => mail.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task An_injected_mail_fault_refuses_mail_until_a_reset()
    {
        await using var sandbox = await Start();

        (await sandbox.Send(HttpMethod.Put, "/control/mail/fault", new { kind = "refuse" })).Status.ShouldBe(204);
        (await Should.ThrowAsync<SmtpException>(() => Send("1", "one", "anna@example.com"))).StatusCode.ShouldBe(SmtpStatusCode.LocalErrorInProcessing);
        (await sandbox.Get("/control/mail/fault")).Json.GetProperty("kind").GetString().ShouldBe("refuse");
        (await sandbox.Get("/control/mail")).Json.GetArrayLength().ShouldBe(0);

        await sandbox.Post("/control/reset");
        await Send("2", "two", "anna@example.com");
        (await sandbox.Get("/control/mail")).Json.GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"kind":"explode"}""")]
    [InlineData("""{"kind":1}""")]
    [InlineData("[]")]
    public async Task An_unknown_mail_fault_is_refused(string body)
    {
        await using var sandbox = await Start();

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await sandbox.Send(HttpMethod.Put, "/control/mail/fault", content)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task SMTP_commands_must_come_in_the_order_of_RFC_5321()
    {
        await using var sandbox = await Start();
        await using var line = await Dial();

        foreach (var (said, answer) in new[]
        {
            ("MAIL FROM:<a@example.com>", "503"), ("HELO there", "250"), ("RCPT TO:<b@example.com>", "503"), ("DATA", "503"),
            ("MAIL FROM:a@example.com", "501"), ("mail from: <a@example.com> SIZE=100", "250"), ("MAIL FROM:<a@example.com>", "503"),
            ("DATA", "503"), ("RCPT TO:<>", "501"), ("RCPT TO:<b c@example.com>", "501"), ("RCPT TO:<b@example.com>", "250"),
            ("NOOP", "250"), ("RSET", "250"), ("DATA", "503"), ("VRFY b", "502"), ("", "502"),
        })
        {
            (await line.Say(said)).ShouldStartWith(answer, customMessage: said);
        }

        (await line.Say("QUIT")).ShouldStartWith("221");
        (await line.Read()).ShouldBeNull();
        (await sandbox.Get("/control/mail")).Json.GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("quoted-printable", "utf-8", "=D0=9A=D0=BE=D0=B4=\r\n 1=3D1", "Код 1=1")]
    [InlineData("base64", "utf-8", "0JrQvtC0\r\nIDE=", "Код 1")]
    [InlineData("base64", "utf-8", "no base64 at all!", "no base64 at all!")]
    [InlineData("7bit", "unknown-charset", "plain", "plain")]
    [InlineData("8bit", "us-ascii", "..dot\r\nplain", ".dot\nplain")]
    public async Task Mail_text_is_decoded_or_shown_unchanged(string encoding, string charset, string sent, string shown)
    {
        await using var sandbox = await Start();
        await using var line = await Dial();
        await line.Begin("b@example.com");

        (await line.Say($"Subject: =?utf-8?Q?=D0=9A=D0=BE?= =?UTF-8?b?0LQ=?= 1\r\nContent-Type: text/plain;\r\n charset=\"{charset}\"\r\n"
            + $"Content-Transfer-Encoding: {encoding}\r\n\r\n{sent}\r\n.")).ShouldStartWith("250");

        var mail = (await sandbox.Get("/control/mail")).Json[0];
        mail.GetProperty("subject").GetString().ShouldBe("Код 1");
        mail.GetProperty("text").GetString().ShouldBe(shown);
    }

    [Theory]
    [InlineData("windows-1251", new byte[] { 0xCA, 0xEE, 0xE4 }, "Код")]
    [InlineData("koi8-r", new byte[] { 0xEB, 0xCF, 0xC4 }, "Код")]
    [InlineData("utf-8", new byte[] { 0xFF, 0x41 }, "�A")]
    public async Task Eight_bit_mail_text_is_decoded_by_its_charset(string charset, byte[] sent, string shown)
    {
        await using var sandbox = await Start();
        await using var line = await Dial();
        await line.Begin("b@example.com");

        await line.Write($"Subject: 1\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        await line.Write(sent);
        (await line.Say("\r\n.")).ShouldStartWith("250");

        (await sandbox.Get("/control/mail")).Json[0].GetProperty("text").GetString().ShouldBe(shown);
    }

    [Fact]
    public async Task A_mail_shows_its_text_part_or_otherwise_its_HTML()
    {
        await using var sandbox = await Start();
        await using var line = await Dial();
        await line.Begin("b@example.com");
        (await line.Say(
            "Subject: 1\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n0JrQvtC0\r\n"
            + "--b\r\nContent-Type: text/html\r\n\r\n<b>Code</b>\r\n--b--\r\n.")).ShouldStartWith("250");
        await line.Begin("b@example.com", greet: false);
        (await line.Say("Subject: 2\r\nContent-Type: text/html\r\n\r\n<b>Code</b>\r\n.")).ShouldStartWith("250");

        (await sandbox.Get("/control/mail")).Json.EnumerateArray().Select(mail => mail.GetProperty("text").GetString()!.TrimEnd('\n'))
            .ShouldBe(["Код", "<b>Code</b>"]);
    }

    public static TheoryData<string> Broken =>
    [
        // Empty; no headers; only headers; a header without a name; an encoded word without an end.
        "", "\r\n", "just a line", "\r\njust a body", "Subject: only a header", ": no name\r\n\r\nbody", "Subject: =?utf-8?B?0J\r\n\r\nbody",
        "Subject: =?unknown-charset?Q?=D0?= =?utf-8?Q?=ZZ?=\r\n\r\nbody",
        "Subject: \0\u0001\u001b[31m\r\n\r\n\0body",
        "Subject: 1\r\nSubject: 2\r\nContent-Type: ;;;=\r\nContent-Type: text/plain; charset=\"\r\n\r\nbody",
        "Content-Type: multipart/mixed\r\n\r\n--nothing", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nnever closed",
        "Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n", "Content-Type: text/plain; charset=utf-7\r\n\r\n+AGEAYg-",
        "Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==", "Content-Transfer-Encoding: x-unknown\r\n\r\nbody",
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=", "Content-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\r\n#",
        // 800 KB of headers: many headers, and one header in many lines.
        string.Concat(Enumerable.Range(0, 8_000).Select(i => $"X-{i}: {new string('x', 90)}\r\n")) + "\r\nbody",
        "Subject: 1\r\n" + string.Concat(Enumerable.Repeat($" {new string('x', 900)}\r\n", 900)) + "\r\nbody",
        // Deeply nested parts.
        string.Concat(Enumerable.Range(0, 2_000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n")) + "\r\nbody",
    ];

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public async Task A_broken_mail_and_the_one_after_it_are_accepted_and_shown(string mail)
    {
        await using var sandbox = await Start();
        await using var line = await Dial();
        await line.Begin("b@example.com");

        (await line.Say($"{mail}\r\n.")).ShouldStartWith("250");
        await Send("next", "Код: 493027", "anna@example.com");

        (await sandbox.Get("/control/mail")).Json.GetArrayLength().ShouldBe(2);
        var page = await browser.Open(sandbox, "control");
        await Expect(page.Locator("#mails tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("#mails tr").First).ToContainTextAsync("493027");
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_code_in_a_mail_is_visible_on_a_narrow_screen()
    {
        await using var sandbox = await Start();
        await Send("Код для входа", "Ваш код: 493027", "anna.smirnova@coffee.example");

        var page = await browser.Open(sandbox, "control", width: 360, height: 740);

        var text = page.Locator("#mails td.text");
        await Expect(text).ToContainTextAsync("493027");
        var box = (await text.BoundingBoxAsync()).ShouldNotBeNull();
        box.X.ShouldBeGreaterThanOrEqualTo(0);
        (box.X + box.Width).ShouldBeLessThanOrEqualTo(360);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360);
    }

    [Fact]
    public async Task A_mail_over_the_limits_is_refused_and_the_next_one_accepted()
    {
        await using var sandbox = await Start();
        await using var line = await Dial();
        await line.Say("HELO there");
        await line.Say("MAIL FROM:<a@example.com>");
        for (var i = 1; i <= 100; i++)
        {
            (await line.Say($"RCPT TO:<b{i}@example.com>")).ShouldStartWith("250");
        }

        (await line.Say("RCPT TO:<one-too-many@example.com>")).ShouldStartWith("452");
        (await line.Say("DATA")).ShouldStartWith("354");
        var tooLarge = string.Concat(Enumerable.Repeat(new string('x', 900) + "\r\n", 1200));
        (await line.Say($"Subject: 1\r\n\r\n{tooLarge}.")).ShouldStartWith("552");
        await line.Begin("b@example.com", greet: false);
        (await line.Say("Subject: 2\r\n\r\nsmall\r\n.")).ShouldStartWith("250");

        (await sandbox.Get("/control/mail")).Json.EnumerateArray().ShouldHaveSingleItem().GetProperty("subject").GetString().ShouldBe("2");
    }

    [Fact]
    public async Task A_line_without_an_end_closes_the_connection()
    {
        await using var sandbox = await Start();
        await using var line = await Dial();

        await line.Write(new string('x', 5_000));

        (await line.Read()).ShouldBeNull();
        await Send("1", "one", "anna@example.com");
        (await sandbox.Get("/control/mail")).Json.GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task An_incomplete_mail_is_not_accepted()
    {
        await using var sandbox = await Start();
        await using (var line = await Dial())
        {
            await line.Begin("b@example.com");
            await line.Write("Subject: 1\r\n\r\nhalf a mail\r\n");
        }

        await Send("2", "two", "anna@example.com");
        (await sandbox.Get("/control/mail")).Json.EnumerateArray().ShouldHaveSingleItem().GetProperty("subject").GetString().ShouldBe("2");
    }

    [Fact]
    public async Task The_control_page_shows_markup_in_a_mail_as_text()
    {
        await using var sandbox = await Start();
        await Send("<img src=x onerror=alert(1)>", "Ваш код: 493027\n<b>second line</b>", "anna@example.com");

        var page = await browser.Open(sandbox, "control");

        var cells = page.Locator("#mails td");
        await Expect(cells.Nth(2)).ToHaveTextAsync("anna@example.com");
        await Expect(cells.Nth(3)).ToHaveTextAsync("<img src=x onerror=alert(1)>");
        await Expect(cells.Nth(4)).ToContainTextAsync("<b>second line</b>");
        await page.Locator("#mailfault").SelectOptionAsync("refuse");
        await Eventually.IsTrue(
            async () => (await sandbox.Get("/control/mail/fault")).Json.TryGetProperty("kind", out var kind) && kind.GetString() == "refuse", Ct);
        await page.Locator("#reset").ClickAsync();
        await page.GetByTestId("confirm").Locator("[value=cancel]").ClickAsync();
        (await sandbox.Get("/control/mail")).Json.GetArrayLength().ShouldBe(1);
        await page.Locator("#reset").ClickAsync();
        await page.GetByTestId("confirm").Locator("[value=reset]").ClickAsync();
        await Expect(cells).ToHaveCountAsync(0);
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    private Task<SandboxUnderTest> Start() => SandboxUnderTest.Start(settings: [("Sandbox:MailPort", $"{_port}")]);

    private async Task Send(string subject, string text, params string[] to)
    {
        using var mail = new MailMessage
        {
            From = new MailAddress("hello@coffee.example", "Кофе"),
            Subject = subject,
            SubjectEncoding = Encoding.UTF8,
            Body = text,
            BodyEncoding = Encoding.UTF8,
        };
        foreach (var address in to)
        {
            mail.To.Add(address);
        }

        using var smtp = new SmtpClient("127.0.0.1", _port);
        await smtp.SendMailAsync(mail, Ct);
    }

    private async Task<Line> Dial()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, Ct);
        var line = new Line(client);
        (await line.Read()).ShouldNotBeNull().ShouldStartWith("220");
        return line;
    }

    /// <summary>A raw SMTP connection.</summary>
    private sealed class Line(TcpClient client) : IAsyncDisposable
    {
        private readonly StreamReader _answers = new(client.GetStream(), Encoding.Latin1);

        public async Task<string> Say(string text)
        {
            await Write($"{text}\r\n");
            return (await Read()).ShouldNotBeNull();
        }

        public async Task Begin(string to, bool greet = true)
        {
            foreach (var said in (string[])[.. greet ? ["HELO there"] : Array.Empty<string>(), "MAIL FROM:<a@example.com>", $"RCPT TO:<{to}>", "DATA"])
            {
                (await Say(said)).ShouldMatch("^[23]");
            }
        }

        public Task Write(string text) => Write(Encoding.UTF8.GetBytes(text));

        public async Task Write(byte[] octets) => await client.GetStream().WriteAsync(octets, Ct);

        /// <returns>Null when the server has closed the connection.</returns>
        public async Task<string?> Read()
        {
            try
            {
                return await _answers.ReadLineAsync(Ct);
            }
            // The server closed before it had read everything.
            catch (IOException)
            {
                return null;
            }
        }

        public ValueTask DisposeAsync()
        {
            _answers.Dispose();
            client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
