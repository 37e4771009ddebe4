using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Platform.Messaging;

internal sealed class SignalOutboxOnCommit(OutboxSignal signal) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    // EF Core wraps a save of several statements in a transaction. A save of one statement, such as a single outbox row, has none:
    // SavedChanges signals that.
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => signal.Committed();

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        signal.Committed();
        return Task.CompletedTask;
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        SignalUnlessInTransaction(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        SignalUnlessInTransaction(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void SignalUnlessInTransaction(DbContext? db)
    {
        if (db?.Database.CurrentTransaction is null)
        {
            signal.Committed();
        }
    }
}
