using System.Threading.Channels;

namespace Platform.Messaging;

/// <summary>Wakes the relay right after a commit, so that an event is published in milliseconds instead of at the next poll.</summary>
/// <remarks>
/// Never use <c>NOTIFY</c> inside the business transaction: it takes a database-wide lock until the commit, which more than
/// halved the throughput of hot writes. A lost signal costs at most one polling interval.
/// </remarks>
public sealed class OutboxSignal
{
    private readonly Channel<bool> _commits = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Call after committing outbox rows that hand-written SQL added. EF Core's commits signal automatically.</summary>
    public void Committed() => _commits.Writer.TryWrite(true);

    internal IAsyncEnumerable<bool> Commits(CancellationToken stopping) => _commits.Reader.ReadAllAsync(stopping);
}
