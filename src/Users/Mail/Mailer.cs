using System.Net.Mail;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Users.Mail;

/// <summary>Sends mail through the server of the settings. What is in a mail, and to whom it goes, is in no log.</summary>
internal sealed partial class Mailer(IOptions<MailSettings> settings, ILogger<Mailer> log)
{
    /// <summary>How long the server may take, from the connection on. Somebody waits for the answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SmtpServer? _server = SmtpServer.Parse(settings.Value.Url);

    /// <summary>Whether there is a server at all.</summary>
    public bool IsSet => _server is not null;

    /// <returns>Whether the server has taken it.</returns>
    public async Task<bool> Send(EmailAddress to, string subject, string text, CancellationToken ct)
    {
        if (_server is null)
        {
            return false;
        }

        // The machine's own time, not the TimeProvider's: it is the network that is waited for.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var mail = new MailMessage(new MailAddress(settings.Value.From), new MailAddress(to.Value))
        {
            Subject = subject,
            SubjectEncoding = Encoding.UTF8,
            Body = text,
            BodyEncoding = Encoding.UTF8,
        };
        using var smtp = new SmtpClient(_server.Host, _server.Port) { EnableSsl = _server.Encrypted, Credentials = _server.Login };
        try
        {
            await smtp.SendMailAsync(mail, patience.Token);
            return true;
        }
        // Not the exception itself: the server's words, which it repeats, may name the address.
        catch (SmtpException refusal)
        {
            LogRefused(_server, refusal.StatusCode, refusal.InnerException?.GetType().Name);
            return false;
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            LogBroken(_server, fault.GetType().Name);
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogTooSlow(_server, Patience);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail was not taken by {Server}: {Status} ({Cause}).")]
    private partial void LogRefused(SmtpServer server, SmtpStatusCode status, string? cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail was not taken by {Server}: the connection failed ({Cause}).")]
    private partial void LogBroken(SmtpServer server, string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail was not taken by {Server} within {Patience}.")]
    private partial void LogTooSlow(SmtpServer server, TimeSpan patience);
}
