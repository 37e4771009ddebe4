using System.Text;
using MimeKit;

namespace Platform.Sandbox.Mail;

/// <summary>Subject and text of a mail, as people read them. What cannot be read as a mail is shown as it came.</summary>
internal static class MailReader
{
    /// <summary>Parts within parts: no real mail has more, and each level costs stack.</summary>
    private const int MaxDepth = 50;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MaxDepth };

    // Mails in Russian still come in windows-1251 and koi8-r, which .NET reads only when it is told to.
    static MailReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="octets">Headers and body, with <c>\r\n</c> at the ends of lines.</param>
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
            return ("", AsItCame(octets));
        }
    }

    private static string TextOf(MimeMessage mail)
    {
        if (mail.Body is TextPart { ContentTransferEncoding: ContentEncoding.Base64, Content.Stream: { } encoded })
        {
            // The decoder would skip what is not base64 and decode the rest to garbage, which hides the sender's mistake.
            using var raw = new MemoryStream();
            encoded.Position = 0;
            encoded.CopyTo(raw);
            if (!Convert.TryFromBase64String(AsItCame(raw.ToArray()), new byte[raw.Length], out _))
            {
                return AsItCame(raw.ToArray());
            }
        }

        return mail.TextBody ?? mail.HtmlBody ?? "";
    }

    private static string AsItCame(byte[] octets) => Encoding.Latin1.GetString(octets).ReplaceLineEndings("\n");
}
