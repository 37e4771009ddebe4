using System.Text;
using MimeKit;

namespace Platform.Sandbox.Mail;

/// <summary>Decodes subject and text of a mail. Text that is not a valid mail is shown unchanged.</summary>
internal static class MailReader
{
    /// <summary>Limit for nested parts: no real mail has more, and each level uses stack.</summary>
    private const int MaxDepth = 50;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MaxDepth };

    // Russian mail may use windows-1251 or koi8-r, which .NET supports only through this provider.
    static MailReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="octets">Headers and body, with <c>\r\n</c> line ends.</param>
    public static (string Subject, string Text) Read(byte[] octets)
    {
        using var stream = new MemoryStream(octets, writable: false);
        try
        {
            using var mail = MimeMessage.Load(Options, stream);
            return (mail.Subject ?? "", TextOf(mail).ReplaceLineEndings("\n"));
        }
        catch (FormatException)
        {
            return ("", Unchanged(octets));
        }
    }

    private static string TextOf(MimeMessage mail)
    {
        if (mail.Body is TextPart { ContentTransferEncoding: ContentEncoding.Base64, Content.Stream: { } encoded })
        {
            // The decoder skips invalid base64 and decodes the rest to garbage, which would hide the sender's mistake.
            using var raw = new MemoryStream();
            encoded.Position = 0;
            encoded.CopyTo(raw);
            if (!Convert.TryFromBase64String(Unchanged(raw.ToArray()), new byte[raw.Length], out _))
            {
                return Unchanged(raw.ToArray());
            }
        }

        return mail.TextBody ?? mail.HtmlBody ?? "";
    }

    private static string Unchanged(byte[] octets) => Encoding.Latin1.GetString(octets).ReplaceLineEndings("\n");
}
