namespace Platform.Messaging;

/// <summary>Handles an event. Name the handler after what it does: <c>OpenAccount</c>.</summary>
/// <remarks>
/// The handler runs in a transaction with the message's inbox row, and <c>SaveChangesAsync</c> is called after it. Both commit
/// together, so each message takes effect once, however often it is delivered. Messages arrive in any order: compare versions.
/// An exception rolls everything back. Transient database failures are retried without limit, others five times; then the
/// message goes to the queue's <c>_error</c>.
/// </remarks>
public interface IEventHandler<in TEvent> where TEvent : class
{
    Task Handle(TEvent message, CancellationToken ct);
}
