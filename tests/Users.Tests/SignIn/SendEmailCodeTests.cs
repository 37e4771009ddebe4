using System.Net;
using System.Net.Sockets;
using Platform.Testing;

namespace Platform.Users.Tests.SignIn;

public sealed class SendEmailCodeTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_six_digit_code_is_sent_to_the_address_and_appears_nowhere_else()
    {
        var mail = await SandboxMail.Shared();
        var email = SandboxMail.NewAddress();

        var answer = await app.Post("/api/auth/email", new { email });

        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        ((string)answer.Json("requestId")!).ShouldMatch("^[A-Za-z0-9_-]{22}$");
        var sent = (await mail.To(email)).ShouldHaveSingleItem();
        sent.From.ShouldBe("hello@coffee.example");
        sent.To.ShouldBe([email]);
        sent.Subject.ShouldBe("Код для входа");
        sent.Text.ShouldMatch(@"^Ваш код: [0-9]{6}\n");
        var code = await mail.CodeTo(email);
        (await app.Count($"select count(*) from mailed_codes where sha256('{code}') in (code_hash, email_hash, request_hash)")).ShouldBe(0);
        (await app.Count($"select count(*) from mailed_codes where request_hash = sha256('{answer.Json("requestId")}')")).ShouldBe(1);
        app.First.Log.Lines.ShouldNotContain(line => line.ToString().Contains(code) || line.ToString().Contains(email));
    }

    [Fact]
    public async Task The_response_is_the_same_for_a_known_and_an_unknown_address()
    {
        var (known, unknown) = (SandboxMail.NewAddress(), SandboxMail.NewAddress());
        await app.GivenPersonWith(known);

        var answers = new[] { await app.Post("/api/auth/email", new { email = known }), await app.Post("/api/auth/email", new { email = unknown }) };

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted);
        answers[0].Body.Length.ShouldBe(answers[1].Body.Length);
    }

    [Fact]
    public async Task A_code_mail_uses_the_persons_language_or_the_requested_one()
    {
        var mail = await SandboxMail.Shared();
        var (english, unknown) = (SandboxMail.NewAddress(), SandboxMail.NewAddress());
        var person = await app.GivenPersonWith(english);
        await app.Execute($"update users set language = 'en' where id = {person.UserId}");

        await app.Post("/api/auth/email", new { email = english, language = "ru" });
        await app.Post("/api/auth/email", new { email = unknown, language = "en" });

        (await mail.To(english))[^1].Subject.ShouldBe("Your sign-in code");
        (await mail.To(unknown))[^1].Text.ShouldStartWith("Your code: ");
    }

    [Fact]
    public async Task A_mailbox_gets_five_codes_an_hour_from_any_caller_in_any_spelling()
    {
        var mail = await SandboxMail.Shared();
        var email = SandboxMail.NewAddress();
        await using var replica = await app.AnotherReplica();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => i % 2 == 0
                ? app.Post("/api/auth/email", new { email = i % 4 == 0 ? email : email.ToUpperInvariant() })
                : replica.Api.Post("/api/auth/email", new { email })));

        answers.Count(answer => answer.Status == HttpStatusCode.Accepted).ShouldBe(5);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.Accepted))
        {
            refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
            refused.RetryAfter.ShouldNotBeNull().ShouldBeInRange(3590, 3600);
        }

        (await mail.To(email)).Count.ShouldBe(5);
        app.Clock.Advance(TimeSpan.FromHours(1));
        (await app.Post("/api/auth/email", new { email })).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_mailbox_gets_fifteen_codes_a_day()
    {
        await SandboxMail.Shared();
        var email = SandboxMail.NewAddress();
        for (var hour = 0; hour < 3; hour++)
        {
            for (var i = 0; i < 5; i++)
            {
                (await app.Post("/api/auth/email", new { email })).Status.ShouldBe(HttpStatusCode.Accepted);
            }

            app.Clock.Advance(TimeSpan.FromHours(1));
        }

        var refused = await app.Post("/api/auth/email", new { email });

        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.RetryAfter.ShouldBe(21 * 3600);
        app.Clock.Advance(TimeSpan.FromHours(21));
        (await app.Post("/api/auth/email", new { email })).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Strangers_cannot_use_up_the_codes_of_the_mailbox_owner()
    {
        var mail = await SandboxMail.Shared();
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        const string home = "2001:db8:77:1::5";
        var first = await Ask(home);
        (await app.Post("/api/auth/email/confirm", new { email, code = await mail.CodeTo(email), requestId = first.Json("requestId") }, from: home))
            .Status.ShouldBe(HttpStatusCode.OK);

        for (var i = 0; i < 20; i++)
        {
            await Ask($"203.0.113.{i}");
        }

        (await Ask("203.0.113.77")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        (await Ask("2001:db8:77:1:ffff::6")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await app.Post("/api/auth/email", new { email }, person.Token)).Status.ShouldBe(HttpStatusCode.Accepted);

        Task<Answer> Ask(string from) => app.Post("/api/auth/email", new { email }, from: from);
    }

    [Fact]
    public async Task An_IPv6_network_and_an_IPv4_address_in_IPv6_form_count_as_one_caller()
    {
        await SandboxMail.Shared();
        await using var strict = await app.AnotherReplica(("Users:CodesPerAddress", "2"));

        var answers = new List<HttpStatusCode>();
        foreach (var from in new[]
        {
            "2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:3::1", "198.51.100.4", "::ffff:198.51.100.4",
            "198.51.100.4", "198.51.100.5",
        })
        {
            answers.Add((await strict.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() }, from: from)).Status);
        }

        answers.Select(status => (int)status).ShouldBe([202, 202, 429, 202, 202, 202, 429, 202]);
    }

    [Fact]
    public async Task A_caller_with_many_mailboxes_is_limited_by_network()
    {
        var (guest, other, client) = (SandboxMail.NewAddress(), SandboxMail.NewAddress(), SandboxMail.NewAddress());
        await app.GivenPersonWith(client);
        var tokens = new List<string>();
        foreach (var email in new[] { guest, other, client })
        {
            tokens.Add((await app.SignInByEmail(email)).AccessToken);
        }

        await app.Execute("delete from rate_limits where limit_name = 'email_codes_of_address'");
        await using var strict = await app.AnotherReplica(("Users:CodesPerAddress", "1"));

        (await strict.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() })).Status.ShouldBe(HttpStatusCode.Accepted);
        foreach (var token in tokens)
        {
            (await strict.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() }, token))
                .ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        }
    }

    [Fact]
    public async Task A_caller_over_the_limit_does_not_use_up_codes_of_a_mailbox()
    {
        await SandboxMail.Shared();
        await app.Execute("delete from rate_limits where limit_name = 'email_codes_of_address'");
        await using var strict = await app.AnotherReplica(("Users:CodesPerAddress", "2"));
        var email = SandboxMail.NewAddress();

        for (var i = 0; i < 2; i++)
        {
            (await strict.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() })).Status.ShouldBe(HttpStatusCode.Accepted);
        }

        (await strict.Api.Post("/api/auth/email", new { email })).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        (await Counted()).ShouldBe(0);
        (await app.Post("/api/auth/email", new { email })).Status.ShouldBe(HttpStatusCode.Accepted);
        (await Counted()).ShouldBe(2);

        Task<long> Counted() => app.Count(
            $"select count(*) from rate_limits where subject = left(encode(sha256('{ServiceDefaults.Web.Caller.SubjectOf(email)}'), 'hex'), 32)");
    }

    [Fact]
    public async Task People_behind_one_bot_have_separate_limits()
    {
        await SandboxMail.Shared();
        await using var strict = await app.AnotherReplica(("Users:CodesPerAddress", "1"));
        var (first, second) = (await app.TokenByBot(UsersApp.NewTelegramId()), await app.TokenByBot(UsersApp.NewTelegramId()));

        foreach (var person in new[] { first, second })
        {
            (await strict.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() }, person)).Status.ShouldBe(HttpStatusCode.Accepted);
        }

        (await strict.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() }, first))
            .ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task A_code_without_a_mail_server_is_503()
    {
        await using var without = await app.AnotherReplica(("SMTP_URL", ""));

        var refused = await without.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() });

        refused.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "mail_unavailable");
        refused.RetryAfter.ShouldBe(60);
    }

    [Fact]
    public async Task A_refused_mail_is_503_and_its_code_does_not_work()
    {
        await using var mail = await SandboxMail.Start();
        await using var replica = await app.AnotherReplica(("SMTP_URL", mail.Url));
        var email = SandboxMail.NewAddress();

        await mail.Fault("refuse");
        (await replica.Api.Post("/api/auth/email", new { email })).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "mail_unavailable");

        (await app.Count($"select count(*) from mailed_codes where email_hash = sha256('{email}')")).ShouldBe(0);
        await mail.Fault(null);
        var asked = await replica.Api.Post("/api/auth/email", new { email });
        (await app.Confirm(new MailedCode(email, await mail.CodeTo(email), (string)asked.Json("requestId")!))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_silent_or_missing_mail_server_is_503_within_ten_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var unanswered = await app.AnotherReplica(("SMTP_URL", $"smtp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}?tls=off"));
        await using var away = await app.AnotherReplica(("SMTP_URL", $"smtp://127.0.0.1:{Ports.Free()}?tls=off"));
        var started = TimeProvider.System.GetTimestamp();

        var answers = await Task.WhenAll(
            unanswered.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() }),
            away.Api.Post("/api/auth/email", new { email = SandboxMail.NewAddress() }));

        foreach (var answer in answers)
        {
            answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "mail_unavailable");
        }

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("anna@localhost")]
    [InlineData("@example.com")]
    [InlineData("anna@-example.com")]
    [InlineData("anna@example.com.")]
    [InlineData("anna@example..com")]
    [InlineData("an..na@example.com")]
    [InlineData(".anna@example.com")]
    [InlineData("an na@example.com")]
    [InlineData("\"anna\"@example.com")]
    [InlineData("Anna <anna@example.com>")]
    [InlineData("anna@example.com,boris@example.com")]
    [InlineData("anna@example.com\r\nRCPT TO:<boris@example.com>")]
    [InlineData("anna@example.com\n")]
    [InlineData("анна@example.com")]
    public async Task An_invalid_address_is_refused(string email)
    {
        var refused = await app.Post("/api/auth/email", new { email });

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json("errors.email").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task The_local_part_is_limited_to_64_characters(int length, bool taken)
    {
        await SandboxMail.Shared();
        var email = $"{Guid.NewGuid():N}".PadRight(length, 'a') + "@example.com";

        (await app.Post("/api/auth/email", new { email })).Status.ShouldBe(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    public async Task An_address_is_limited_to_254_characters(int length, bool taken)
    {
        await SandboxMail.Shared();
        var labels = string.Join('.', Enumerable.Repeat(new string('a', 50), 4));
        var email = $"{Guid.NewGuid():N}@{labels}.".PadRight(length - 2, 'b') + "ru";

        email.Length.ShouldBe(length);
        (await app.Post("/api/auth/email", new { email })).Status.ShouldBe(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("")]
    public async Task A_code_in_an_unsupported_language_is_refused(string language) =>
        (await app.Post("/api/auth/email", new { email = SandboxMail.NewAddress(), language })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
}
