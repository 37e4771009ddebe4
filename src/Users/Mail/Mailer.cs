using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;

namespace Platform.Users.Mail;

/// <summary>Sends mail through the configured server. Contents and recipients are never logged.</summary>
internal sealed partial class Mailer(IOptions<MailSettings> settings, TimeProvider clock, ILogger<Mailer> log)
{
    /// <summary>Limit for the whole exchange with the server. A caller is waiting for the response.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SmtpServer? _server = SmtpServer.Parse(settings.Value.Url);

    public bool IsSet => _server is not null;

    /// <returns>Whether the server accepted the mail.</returns>
    public async Task<bool> Send(EmailAddress to, string subject, string text, CancellationToken ct)
    {
        if (_server is null || !settings.Value.TryReadFrom(out var from))
        {
            return false;
        }

        // Real time, not the TimeProvider's: this waits for the network.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(Timeout);
        using var mail = Compose(from, to, subject, text, clock.GetUtcNow());
        // A revocation check would make mail wait for yet another server.
        using var smtp = new SmtpClient { CheckCertificateRevocation = false };
        var accepted = false;
        try
        {
            await smtp.ConnectAsync(_server.Host, _server.Port, _server.Tls, timeout.Token);
            if (_server.Login is { } login)
            {
                await smtp.AuthenticateAsync(login, timeout.Token);
            }

            await smtp.SendAsync(mail, timeout.Token);
            accepted = true;
            await smtp.DisconnectAsync(quit: true, timeout.Token);
        }
        // The server has accepted the mail: a failed QUIT does not matter.
        catch (Exception fault) when (accepted && (fault is OperationCanceledException || DescribeFault(fault, smtp) is not null))
        {
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogNotAccepted(_server, $"it did not respond within {Timeout.TotalSeconds} seconds");
        }
        catch (Exception fault) when (DescribeFault(fault, smtp) is { } reason)
        {
            LogNotAccepted(_server, reason);
        }

        return accepted;
    }

    internal static MimeMessage Compose(MailboxAddress from, EmailAddress to, string subject, string text, DateTimeOffset at)
    {
        if (subject.Any(char.IsControl))
        {
            throw new ArgumentException("A subject must be one line: anything after a line break would become a header.", nameof(subject));
        }

        var mail = new MimeMessage
        {
            Subject = subject,
            Date = at,
            // The library's default would reveal this machine's name.
            MessageId = MimeUtils.GenerateMessageId(from.Domain),
            Body = new TextPart("plain") { Text = text, ContentTransferEncoding = ContentEncoding.Base64 },
        };
        mail.From.Add(from);
        mail.To.Add(new MailboxAddress(name: null, to.Value));
        return mail;
    }

    /// <returns>The fault without the server's text, which may repeat the address; null when the fault is not the server's.</returns>
    private static string? DescribeFault(Exception fault, SmtpClient smtp) => fault switch
    {
        SmtpCommandException refusal => $"it responded {(int)refusal.StatusCode} ({refusal.ErrorCode})",
        AuthenticationException => "it rejected the user name or password",
        SslHandshakeException => "its certificate is not valid for this name, or this port does not use TLS",
        NotSupportedException when !smtp.IsConnected => "it does not offer STARTTLS",
        NotSupportedException => "it does not offer a supported way to log in",
        SocketException unreachable => $"it is unreachable ({unreachable.SocketErrorCode})",
        IOException or ProtocolException or ServiceNotConnectedException => "the connection was lost",
        TimeoutException => "it did not respond in time",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Server} did not accept a mail: {Reason}.")]
    private partial void LogNotAccepted(SmtpServer server, string reason);
}
