using Microsoft.EntityFrameworkCore.Storage;

namespace Platform.Courses.Storage;

/// <summary>A handler's transaction: its own, or the one that the endpoint's idempotency has begun and will end.</summary>
internal sealed class JoinedTransaction(IDbContextTransaction? own) : IAsyncDisposable
{
    /// <summary>Commits what is its own. The other is committed with the answer, or rolled back with a refusal.</summary>
    public Task CommitAsync(CancellationToken ct) => own?.CommitAsync(ct) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
