using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using Platform.Testing;
using Platform.Users.Mail;

namespace Platform.Users.Tests.Mail;

/// <summary>Against servers that say what a test has them say.</summary>
public sealed class MailerTests
{
    private static readonly EmailAddress Anna = EmailAddress.Of("anna@example.com");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_without_STARTTLS_gets_neither_mail_nor_password_unless_the_setting_says_so()
    {
        await using var server = new ScriptedServer(greets: true);

        (await server.Send("user:secret@", "")).ShouldBe((false, $"A mail was not taken by 127.0.0.1:{server.Port}: it offers no STARTTLS."));

        server.Heard.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
        (await server.Send("", "?tls=off")).ShouldBe((true, null));
        server.Heard.ShouldContain("RCPT TO:<anna@example.com>");
    }

    [Theory]
    [InlineData("smtp", "STARTTLS")]
    [InlineData("smtps", "")]
    public async Task A_connection_that_is_to_be_encrypted_begins_so_and_a_certificate_that_nobody_trusts_is_refused(string scheme, string extension)
    {
        await using var server = new ScriptedServer(greets: scheme == "smtp", extension);

        var (taken, told) = await server.Send("user:secret@", "", scheme);

        taken.ShouldBeFalse();
        told.ShouldNotBeNull().ShouldStartWith($"A mail was not taken by 127.0.0.1:{server.Port}: ");
        // 22 is the first byte of a TLS handshake.
        server.FirstByteOfTls.ShouldBe(22);
        server.Heard.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("550 5.1.1 <anna@example.com> is unknown here", "it answered 550 (RecipientNotAccepted)")]
    [InlineData("451 4.7.1 anna@example.com is greylisted", "it answered 451 (RecipientNotAccepted)")]
    [InlineData(null, "the connection broke off")]
    public async Task What_a_server_refuses_is_told_in_one_line_without_its_words(string? answer, string reason)
    {
        await using var server = new ScriptedServer(greets: true, answerToRecipient: answer);

        (await server.Send("", "?tls=off")).ShouldBe((false, $"A mail was not taken by 127.0.0.1:{server.Port}: {reason}."));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_so()
    {
        var port = Ports.Free();

        (await ScriptedServer.Send($"smtp://127.0.0.1:{port}?tls=off")).ShouldBe(
            (false, $"A mail was not taken by 127.0.0.1:{port}: there is no connection to it (ConnectionRefused)."));
    }

    [Fact]
    public void A_subject_that_would_begin_another_header_is_not_sent()
    {
        var from = new MailboxAddress("Кофе", "hello@example.com");

        Should.Throw<ArgumentException>(() => Mailer.Compose(from, Anna, "Your code\r\nBcc: eve@example.com", "123456", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void What_is_sent_has_one_recipient_and_names_no_machine()
    {
        using var mail = Mailer.Compose(new MailboxAddress("Кофе", "hello@example.com"), Anna, "Код", "Строка\r\nBcc: eve@example.com\r\n.\r\n", DateTimeOffset.UnixEpoch);
        var text = mail.ToString();

        text.Split('\n').ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        mail.GetRecipients().Select(mailbox => mailbox.Address).ShouldBe(["anna@example.com"]);
        text.ShouldNotContain(Environment.MachineName);
        mail.TextBody.ShouldNotBeNull().ShouldContain("Bcc: eve@example.com");
    }

    /// <summary>Takes mail as far as it is told to.</summary>
    private sealed class ScriptedServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stopped = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        private readonly Task _serving;
        private readonly bool _greets;
        private readonly string _extension;
        private readonly string? _answerToRecipient;

        public ScriptedServer(bool greets, string extension = "SIZE 1000000", string? answerToRecipient = "250 OK")
        {
            (_greets, _extension, _answerToRecipient) = (greets, extension, answerToRecipient);
            _listener.Start();
            _serving = Serve();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public List<string> Heard { get; } = [];

        public int? FirstByteOfTls { get; private set; }

        public Task<(bool Taken, string? Told)> Send(string login, string query, string scheme = "smtp") => Send($"{scheme}://{login}127.0.0.1:{Port}{query}");

        public static async Task<(bool Taken, string? Told)> Send(string url)
        {
            var log = new CapturedLog();
            using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
            var mailer = new Mailer(
                Options.Create(new MailSettings { Url = url, From = "hello@example.com" }), TimeProvider.System, loggers.CreateLogger<Mailer>());
            var taken = await mailer.Send(Anna, "Code", "123456", Ct);
            return (taken, log.Lines.Select(line => line.Message).SingleOrDefault());
        }

        public async ValueTask DisposeAsync()
        {
            await _stopped.CancelAsync();
            await _serving;
            _listener.Dispose();
            _stopped.Dispose();
        }

        private async Task Serve()
        {
            while (true)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync(_stopped.Token);
                    await Talk(client.GetStream());
                }
                catch (IOException)
                {
                    // The client has hung up.
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        private async Task Talk(NetworkStream stream)
        {
            if (!_greets)
            {
                FirstByteOfTls = stream.ReadByte();
                return;
            }

            await Say("220 scripted");
            using var lines = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            while (await lines.ReadLineAsync(_stopped.Token) is { } line)
            {
                Heard.Add(line);
                switch (line.Split(' ')[0])
                {
                    case "EHLO":
                        await Say($"250-scripted\r\n250 {_extension}");
                        break;
                    case "STARTTLS":
                        await Say("220 go on");
                        FirstByteOfTls = stream.ReadByte();
                        return;
                    case "RCPT" when _answerToRecipient is { } answer:
                        await Say(answer);
                        break;
                    case "RCPT":
                        return;
                    case "DATA":
                        await Say("354 go on");
                        while (await lines.ReadLineAsync(_stopped.Token) is not ".")
                        {
                        }

                        await Say("250 taken");
                        break;
                    case "QUIT":
                        await Say("221 bye");
                        return;
                    default:
                        await Say("250 OK");
                        break;
                }
            }

            async Task Say(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), Ct);
        }
    }
}
