using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using MailKit.Security;
using MimeKit;

namespace Platform.Users.Mail;

/// <summary>The mail server. Without one, no one can sign in by e-mail.</summary>
internal sealed class MailSettings : IValidatableObject
{
    public const string UrlSetting = "SMTP_URL";

    /// <summary>
    /// <c>smtp://user:password@host:587</c> requires STARTTLS unless it ends with <c>?tls=off</c>; <c>smtps://…</c>, and port 465 in any
    /// case, is encrypted from the first byte.
    /// </summary>
    [ConfigurationKeyName(UrlSetting)]
    public string Url { get; set; } = "";

    /// <summary>The sender: an address, or <c>Name &lt;address&gt;</c>.</summary>
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
            yield return new ValidationResult($"{UrlSetting} is not an address such as smtp://user:password@mail.example.com:587 or smtps://user:password@mail.example.com; smtp:// may end with ?tls=off.");
        }

        if (!TryReadFrom(out _))
        {
            yield return new ValidationResult("MAIL_FROM is not a sender's address such as Coffee <hello@example.com>.");
        }
    }

    public bool TryReadFrom([NotNullWhen(true)] out MailboxAddress? from) => MailboxAddress.TryParse(OneAddress, From, out from);

    private static readonly ParserOptions OneAddress = new()
    {
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
        AddressParserComplianceMode = RfcComplianceMode.Strict,
    };
}

internal sealed record SmtpServer(string Host, int Port, SecureSocketOptions Tls, NetworkCredential? Login)
{
    /// <summary>Port for mail submission (RFC 6409).</summary>
    private const int SubmissionPort = 587;

    /// <summary>The same, encrypted from the first byte (RFC 8314).</summary>
    private const int EncryptedSubmissionPort = 465;

    public static SmtpServer? Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("smtp" or "smtps") || address.Host.Length == 0
            || address.AbsolutePath is not ("" or "/") || address.Query is not ("" or "?tls=on" or "?tls=off"))
        {
            return null;
        }

        var (implicitly, never) = (address.Scheme == "smtps", address.Query == "?tls=off");
        var login = address.UserInfo.Split(':', 2) is [var user, var password]
            ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : null;
        if ((login is null && address.UserInfo.Length > 0) || (implicitly && never))
        {
            return null;
        }

        var port = address.Port > 0 ? address.Port : implicitly ? EncryptedSubmissionPort : SubmissionPort;
        var tls = never ? SecureSocketOptions.None
            : implicitly || port == EncryptedSubmissionPort ? SecureSocketOptions.SslOnConnect
            : SecureSocketOptions.StartTls;
        return new SmtpServer(address.IdnHost, port, tls, login);
    }

    /// <returns>The problem, if mail with sign-in codes would cross a network unencrypted in production; null when there is none.</returns>
    public static string? CheckForProduction(IConfiguration configuration) =>
        Parse(configuration[MailSettings.UrlSetting] ?? "") is { Tls: SecureSocketOptions.None } server && !new Uri($"smtp://{server.Host}").IsLoopback
            ? $"{MailSettings.UrlSetting} turns TLS off for a server on another machine."
            : null;

    // A record prints all its members, and one of them is a secret.
    public override string ToString() => $"{Host}:{Port}";
}
