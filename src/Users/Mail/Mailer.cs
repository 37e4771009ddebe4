using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;

namespace Platform.Users.Mail;

/// <summary>Sends mail through the server of the settings. What is in a mail, and to whom it goes, is in no log.</summary>
internal sealed partial class Mailer(IOptions<MailSettings> settings, TimeProvider clock, ILogger<Mailer> log)
{
    /// <summary>How long the server may take, from the connection on. Somebody waits for the answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SmtpServer? _server = SmtpServer.Parse(settings.Value.Url);

    /// <summary>Whether there is a server at all.</summary>
    public bool IsSet => _server is not null;

    /// <returns>Whether the server has taken it.</returns>
    public async Task<bool> Send(EmailAddress to, string subject, string text, CancellationToken ct)
    {
        if (_server is null || !settings.Value.TryReadFrom(out var from))
        {
            return false;
        }

        // The machine's own time, not the TimeProvider's: it is the network that is waited for.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var mail = Compose(from, to, subject, text, clock.GetUtcNow());
        // Revocation lists are on further servers, and mail would wait for those too.
        using var smtp = new SmtpClient { CheckCertificateRevocation = false };
        var taken = false;
        try
        {
            await smtp.ConnectAsync(_server.Host, _server.Port, _server.Tls, patience.Token);
            if (_server.Login is { } login)
            {
                await smtp.AuthenticateAsync(login, patience.Token);
            }

            await smtp.SendAsync(mail, patience.Token);
            taken = true;
            await smtp.DisconnectAsync(quit: true, patience.Token);
        }
        // The server has it: a farewell that fails changes nothing.
        catch (Exception fault) when (taken && (fault is OperationCanceledException || ReasonOf(fault, smtp) is not null))
        {
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogNotTaken(_server, $"it did not answer within {Patience.TotalSeconds} seconds");
        }
        catch (Exception fault) when (ReasonOf(fault, smtp) is { } reason)
        {
            LogNotTaken(_server, reason);
        }

        return taken;
    }

    internal static MimeMessage Compose(MailboxAddress from, EmailAddress to, string subject, string text, DateTimeOffset at)
    {
        if (subject.Any(char.IsControl))
        {
            throw new ArgumentException("A subject is one line: what follows a line break would be a header.", nameof(subject));
        }

        var mail = new MimeMessage
        {
            Subject = subject,
            Date = at,
            // Without the name of this machine, which the library puts in by itself.
            MessageId = MimeUtils.GenerateMessageId(from.Domain),
            Body = new TextPart("plain") { Text = text, ContentTransferEncoding = ContentEncoding.Base64 },
        };
        mail.From.Add(from);
        mail.To.Add(new MailboxAddress(name: null, to.Value));
        return mail;
    }

    /// <returns>Without the server's own words, which may repeat the address; null for a fault that is not the server's.</returns>
    private static string? ReasonOf(Exception fault, SmtpClient smtp) => fault switch
    {
        SmtpCommandException refusal => $"it answered {(int)refusal.StatusCode} ({refusal.ErrorCode})",
        AuthenticationException => "it refuses the user or the password",
        SslHandshakeException => "its certificate is not valid for this name, or it does not speak TLS there",
        NotSupportedException when !smtp.IsConnected => "it offers no STARTTLS",
        NotSupportedException => "it offers no way to log in",
        SocketException unreachable => $"there is no connection to it ({unreachable.SocketErrorCode})",
        IOException or ProtocolException or ServiceNotConnectedException => "the connection broke off",
        TimeoutException => "it did not answer in time",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail was not taken by {Server}: {Reason}.")]
    private partial void LogNotTaken(SmtpServer server, string reason);
}
