using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Sandbox.Mail;

/// <summary>One connection: the part of RFC 5321 that a sending client needs.</summary>
internal sealed partial class SmtpSession(Stream connection, Mailbox mailbox)
{
    /// <summary>Including the line end. RFC 5321 requires at least 1000.</summary>
    private const int LineSize = 1_000;

    private const int MailSize = 1024 * 1024;
    private const int MostRecipients = 100;

    // One character per octet; the mail's headers define the encoding.
    private static readonly Encoding Octets = Encoding.Latin1;

    private readonly PipeReader _lines = PipeReader.Create(connection, new StreamPipeReaderOptions(leaveOpen: true));
    private readonly List<string> _to = [];
    private bool _greeted;
    private string? _from;

    public async Task Run(CancellationToken ct)
    {
        await Say("220 sandbox ESMTP", ct);
        while (await ReadLine(ct) is { } line)
        {
            var (verb, rest) = line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? (line[..space], line[(space + 1)..]) : (line, "");
            switch (verb.ToUpperInvariant())
            {
                case "EHLO":
                    ResetMail();
                    _greeted = true;
                    await Say($"250-sandbox\r\n250-8BITMIME\r\n250 SIZE {MailSize}", ct);
                    break;
                case "HELO":
                    ResetMail();
                    _greeted = true;
                    await Say("250 sandbox", ct);
                    break;
                case "MAIL" when mailbox.Fault is MailFaultKind.Hang:
                    // Wait until the client gives up.
                    while (await ReadLine(ct) is not null)
                    {
                    }

                    return;
                case "MAIL" when mailbox.Fault is MailFaultKind.Refuse:
                    await Say("451 4.3.0 Refused, as set on /control", ct);
                    break;
                case "MAIL":
                    await Say(BeginMail(rest), ct);
                    break;
                case "RCPT":
                    await Say(AddRecipient(rest), ct);
                    break;
                case "DATA" when _from is not null && _to.Count > 0:
                    await Say("354 End with a line that contains only a dot", ct);
                    await Say(await ReadMail(ct), ct);
                    break;
                case "DATA":
                    await Say("503 5.5.1 Send MAIL and RCPT first", ct);
                    break;
                case "RSET":
                    ResetMail();
                    await Say("250 2.0.0 OK", ct);
                    break;
                case "NOOP":
                    await Say("250 2.0.0 OK", ct);
                    break;
                case "QUIT":
                    await Say("221 2.0.0 Bye", ct);
                    return;
                default:
                    await Say("502 5.5.1 Unknown command", ct);
                    break;
            }
        }
    }

    private string BeginMail(string rest)
    {
        if (!_greeted || _from is not null)
        {
            return "503 5.5.1 Send EHLO first, and finish the current mail";
        }

        if (Sender().Match(rest) is not { Success: true } sender)
        {
            return "501 5.5.4 MAIL FROM:<address>";
        }

        _from = sender.Groups[1].Value;
        return "250 2.1.0 OK";
    }

    private string AddRecipient(string rest)
    {
        if (_from is null)
        {
            return "503 5.5.1 Send MAIL first";
        }

        if (_to.Count == MostRecipients)
        {
            return "452 4.5.3 Too many recipients";
        }

        if (Recipient().Match(rest) is not { Success: true } recipient)
        {
            return "501 5.5.4 RCPT TO:<address>";
        }

        _to.Add(recipient.Groups[1].Value.ToLowerInvariant());
        return "250 2.1.5 OK";
    }

    private async Task<string> ReadMail(CancellationToken ct)
    {
        var lines = new List<string>();
        var size = 0;
        while (await ReadLine(ct) is { } line)
        {
            if (line == ".")
            {
                var (from, to) = (_from!, _to.ToArray());
                ResetMail();
                if (size > MailSize)
                {
                    return "552 5.3.4 The mail is too large";
                }

                var (subject, text) = MailReader.Read(Octets.GetBytes(string.Join("\r\n", lines)));
                mailbox.Add(from, to, subject, text);
                return "250 2.0.0 Accepted";
            }

            size += line.Length + 2;
            if (size <= MailSize)
            {
                // The sender doubled a leading dot, so that no line of the text ends the mail.
                lines.Add(line.StartsWith('.') ? line[1..] : line);
            }
        }

        throw new EndOfStreamException("The connection ended within a mail.");
    }

    private void ResetMail()
    {
        _from = null;
        _to.Clear();
    }

    /// <returns>Null when the connection has ended.</returns>
    private async Task<string?> ReadLine(CancellationToken ct)
    {
        while (true)
        {
            var read = await _lines.ReadAsync(ct);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end);
                var length = line.Length;
                var text = length < LineSize ? Octets.GetString(line) : "";
                _lines.AdvanceTo(read.Buffer.GetPosition(1, end));
                return length < LineSize ? text.TrimEnd('\r') : throw TooLong();
            }

            if (read.Buffer.Length > LineSize)
            {
                throw TooLong();
            }

            if (read.IsCompleted)
            {
                return null;
            }

            _lines.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task Say(string answer, CancellationToken ct) => await connection.WriteAsync(Octets.GetBytes($"{answer}\r\n"), ct);

    private static InvalidDataException TooLong() => new($"A line has more than {LineSize} octets.");

    [GeneratedRegex(@"^FROM:\s*<([^<>\s]{0,254})>( .*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sender();

    [GeneratedRegex(@"^TO:\s*<([^<>\s]{1,254})>( .*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Recipient();
}
