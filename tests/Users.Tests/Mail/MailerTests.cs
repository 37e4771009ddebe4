using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using Platform.Testing;
using Platform.Users.Mail;

namespace Platform.Users.Tests.Mail;

/// <summary>Against scripted mail servers.</summary>
public sealed class MailerTests
{
    private static readonly EmailAddress Anna = EmailAddress.From("anna@example.com");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_without_STARTTLS_gets_no_mail_or_password_unless_TLS_is_off()
    {
        await using var server = new ScriptedServer(greets: true);

        (await server.Send("user:secret@", "")).ShouldBe((false, $"127.0.0.1:{server.Port} did not accept a mail: it does not offer STARTTLS."));

        server.Heard.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
        (await server.Send("", "?tls=off")).ShouldBe((true, null));
        server.Heard.ShouldContain("RCPT TO:<anna@example.com>");
    }

    [Theory]
    [InlineData("smtp", "STARTTLS")]
    [InlineData("smtps", "")]
    public async Task An_encrypted_connection_starts_with_TLS_and_refuses_an_untrusted_certificate(string scheme, string extension)
    {
        await using var server = new ScriptedServer(greets: scheme == "smtp", extension);

        var (accepted, logged) = await server.Send("user:secret@", "", scheme);

        accepted.ShouldBeFalse();
        logged.ShouldNotBeNull().ShouldStartWith($"127.0.0.1:{server.Port} did not accept a mail: ");
        // 22 is the first byte of a TLS handshake.
        server.FirstByteOfTls.ShouldBe(22);
        server.Heard.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("550 5.1.1 <anna@example.com> is unknown here", "it responded 550 (RecipientNotAccepted)")]
    [InlineData("451 4.7.1 anna@example.com is greylisted", "it responded 451 (RecipientNotAccepted)")]
    [InlineData(null, "the connection was lost")]
    public async Task A_refusal_by_the_mail_server_is_logged_without_its_text(string? answer, string reason)
    {
        await using var server = new ScriptedServer(greets: true, answerToRecipient: answer);

        (await server.Send("", "?tls=off")).ShouldBe((false, $"127.0.0.1:{server.Port} did not accept a mail: {reason}."));
    }

    [Fact]
    public async Task An_unreachable_mail_server_is_logged()
    {
        var port = Ports.Free();

        (await ScriptedServer.Send($"smtp://127.0.0.1:{port}?tls=off")).ShouldBe(
            (false, $"127.0.0.1:{port} did not accept a mail: it is unreachable (ConnectionRefused)."));
    }

    [Fact]
    public void A_subject_with_a_line_break_is_refused()
    {
        var from = new MailboxAddress("Кофе", "hello@example.com");

        Should.Throw<ArgumentException>(() => Mailer.Compose(from, Anna, "Your code\r\nBcc: eve@example.com", "123456", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void A_mail_has_one_recipient_and_does_not_name_this_machine()
    {
        using var mail = Mailer.Compose(new MailboxAddress("Кофе", "hello@example.com"), Anna, "Код", "Строка\r\nBcc: eve@example.com\r\n.\r\n",
            DateTimeOffset.UnixEpoch);
        var text = mail.ToString();

        text.Split('\n').ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        mail.GetRecipients().Select(mailbox => mailbox.Address).ShouldBe(["anna@example.com"]);
        text.ShouldNotContain(Environment.MachineName);
        mail.TextBody.ShouldNotBeNull().ShouldContain("Bcc: eve@example.com");
    }

    /// <summary>A mail server that responds as scripted.</summary>
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

        public Task<(bool Accepted, string? Logged)> Send(string login, string query, string scheme = "smtp") =>
            Send($"{scheme}://{login}127.0.0.1:{Port}{query}");

        public static async Task<(bool Accepted, string? Logged)> Send(string url)
        {
            var log = new CapturedLog();
            using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
            var mailer = new Mailer(
                Options.Create(new MailSettings { Url = url, From = "hello@example.com" }), TimeProvider.System, loggers.CreateLogger<Mailer>());
            var accepted = await mailer.Send(Anna, "Code", "123456", Ct);
            return (accepted, log.Lines.Select(line => line.Message).SingleOrDefault());
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
                    // The client has disconnected.
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

                        await Say("250 accepted");
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
