namespace Platform.Messaging;

/// <summary>A reaction to an event of another service (or of its own), named for what it does: <c>OpenAccount</c>.</summary>
/// <remarks>
/// It runs in a transaction together with the inbox row that remembers the message, and <c>SaveChangesAsync</c> is called
/// after it: its effect and the memory of it commit together, so each message has its effect once however often it is
/// delivered. Messages come unordered: compare versions. An exception rolls everything back; transient database failures
/// are tried again without end, others five times, then the message goes to the queue's <c>_error</c>.
/// </remarks>
public interface IHandle<in TEvent> where TEvent : class
{
    Task Handle(TEvent happened, CancellationToken ct);
}
