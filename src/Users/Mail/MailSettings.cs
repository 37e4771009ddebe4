using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Mail;

namespace Platform.Users.Mail;

/// <summary>Through which server mail is sent. Without one nobody signs in by e-mail.</summary>
internal sealed class MailSettings : IValidatableObject
{
    public const string UrlSetting = "SMTP_URL";

    /// <summary><c>smtp://user:password@host:587</c>; with <c>?tls=off</c> the connection is not encrypted, else STARTTLS is asked for.</summary>
    [ConfigurationKeyName(UrlSetting)]
    public string Url { get; set; } = "";

    /// <summary>Whom mail is from: an address, or <c>Name &lt;address&gt;</c>.</summary>
    [ConfigurationKeyName("MAIL_FROM")]
    public string From { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length == 0)
        {
            yield break;
        }

        if (SmtpServer.Parse(Url) is null)
        {
            yield return new ValidationResult($"{UrlSetting} is not an address such as smtp://user:password@mail.example.com:587, with ?tls=off at most.");
        }

        if (!MailAddress.TryCreate(From, out _))
        {
            yield return new ValidationResult("MAIL_FROM is not an address that mail can be from, such as Coffee <hello@example.com>.");
        }
    }
}

/// <summary>A mail server, as the setting names it.</summary>
internal sealed record SmtpServer(string Host, int Port, bool Encrypted, NetworkCredential? Login)
{
    /// <summary>Where servers take mail from their own users (RFC 6409).</summary>
    private const int SubmissionPort = 587;

    /// <returns>Null when it is no such address.</returns>
    public static SmtpServer? Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != "smtp" || address.Host.Length == 0
            || address.AbsolutePath is not ("" or "/") || address.Query is not ("" or "?tls=on" or "?tls=off"))
        {
            return null;
        }

        var login = address.UserInfo.Split(':', 2) is [var user, var password]
            ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : null;
        return login is null && address.UserInfo.Length > 0
            ? null
            : new SmtpServer(address.IdnHost, address.Port > 0 ? address.Port : SubmissionPort, address.Query != "?tls=off", login);
    }

    /// <returns>What is wrong with it in production: mail with codes in it would cross a network readable; null when all is well.</returns>
    public static string? ComplaintOf(IConfiguration configuration) =>
        Parse(configuration[MailSettings.UrlSetting] ?? "") is { Encrypted: false } server && !new Uri($"smtp://{server.Host}").IsLoopback
            ? $"{MailSettings.UrlSetting} says tls=off of a server on another machine."
            : null;

    // A record prints all its members, and one of these is a secret.
    public override string ToString() => $"{Host}:{Port}";
}
