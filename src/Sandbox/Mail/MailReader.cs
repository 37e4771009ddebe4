using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Sandbox.Mail;

/// <summary>Subject and text of a mail of one part, as people read them. What it does not understand it shows as it came.</summary>
internal static partial class MailReader
{
    /// <param name="lines">Octets as characters, without the ends of the lines.</param>
    public static (string Subject, string Text) Read(IReadOnlyList<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var (last, at) = ("", 0);
        for (; at < lines.Count && lines[at].Length > 0; at++)
        {
            if (lines[at][0] is ' ' or '\t')
            {
                // The header goes on.
                headers[last] = headers.GetValueOrDefault(last) + " " + lines[at].TrimStart();
            }
            else if (lines[at].Split(':', 2) is [var name, var value])
            {
                last = name.Trim();
                headers[last] = value.Trim();
            }
        }

        string[] body = [.. lines.Skip(at + 1)];
        var octets = headers.GetValueOrDefault("Content-Transfer-Encoding")?.Trim().ToLowerInvariant() switch
        {
            "base64" => OfBase64(string.Concat(body)),
            "quoted-printable" => OfQuotedPrintable(string.Join("\r\n", body)),
            _ => null,
        };
        var text = EncodingOf(Charset().Match(headers.GetValueOrDefault("Content-Type", "")).Groups[1].Value)
            .GetString(octets ?? Encoding.Latin1.GetBytes(string.Join("\r\n", body)));
        return (Words(headers.GetValueOrDefault("Subject", "")), text.ReplaceLineEndings("\n"));
    }

    /// <summary>RFC 2047: <c>=?utf-8?B?…?=</c> is a word in another encoding, and blanks between two of them are none.</summary>
    private static string Words(string header) => EncodedWord().Replace(BetweenWords().Replace(header, "$1"), word =>
        (word.Groups[2].Value is "b" or "B" ? OfBase64(word.Groups[3].Value) : OfQuotedPrintable(word.Groups[3].Value.Replace('_', ' '))) is { } octets
            ? EncodingOf(word.Groups[1].Value).GetString(octets)
            : word.Value);

    private static Encoding EncodingOf(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset.Length == 0 ? "us-ascii" : charset);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1;
        }
    }

    private static byte[]? OfBase64(string text)
    {
        var octets = new byte[text.Length];
        return Convert.TryFromBase64String(text, octets, out var length) ? octets[..length] : null;
    }

    private static byte[] OfQuotedPrintable(string text)
    {
        var plain = Octet().Replace(
            text.Replace("=\r\n", "", StringComparison.Ordinal),
            octet => ((char)byte.Parse(octet.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        return Encoding.Latin1.GetBytes(plain);
    }

    [GeneratedRegex(@"=\?([A-Za-z0-9_-]{1,40})\?([bBqQ])\?([^?\s]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"(\?=)\s+(?==\?)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex("=([0-9A-Fa-f]{2})")]
    private static partial Regex Octet();

    [GeneratedRegex(@"charset=""?([A-Za-z0-9_-]{1,40})", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
