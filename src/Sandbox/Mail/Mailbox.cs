namespace Platform.Sandbox.Mail;

/// <param name="To">Envelope recipients in lower case.</param>
/// <param name="Text">Decoded, with <c>\n</c> line ends.</param>
internal sealed record TakenMail(long Seq, DateTimeOffset At, string From, IReadOnlyList<string> To, string Subject, string Text);

/// <summary>A fault that affects every mail until it is removed.</summary>
public enum MailFaultKind
{
    /// <summary>Answers 451 and accepts nothing.</summary>
    Refuse,

    /// <summary>Neither accepts nor answers.</summary>
    Hang,
}

internal sealed class Mailbox(TimeProvider clock)
{
    private const int Capacity = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<TakenMail> _mails = new();
    private long _lastSeq;
    private MailFaultKind? _fault;

    public MailFaultKind? Fault
    {
        get
        {
            lock (_lock)
            {
                return _fault;
            }
        }

        set
        {
            lock (_lock)
            {
                _fault = value;
            }
        }
    }

    public void Add(string from, IReadOnlyList<string> to, string subject, string text)
    {
        lock (_lock)
        {
            _mails.Enqueue(new TakenMail(++_lastSeq, clock.GetUtcNow(), from, to, subject, text));
            if (_mails.Count > Capacity)
            {
                _mails.Dequeue();
            }
        }
    }

    /// <returns>Oldest first.</returns>
    public IReadOnlyList<TakenMail> Find(string? to, long? after)
    {
        lock (_lock)
        {
            return [.. _mails.Where(mail =>
                (to is null || mail.To.Contains(to, StringComparer.OrdinalIgnoreCase))
                && (after is null || mail.Seq > after))];
        }
    }

    /// <summary>Numbering continues.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _mails.Clear();
            _fault = null;
        }
    }
}
