using Microsoft.EntityFrameworkCore.Storage;

namespace Platform.Database;

/// <summary>A handler's transaction: its own, or the one that the endpoint's idempotency has begun and will end.</summary>
public sealed class JoinedTransaction : IAsyncDisposable
{
    private readonly IDbContextTransaction? _own;

    internal JoinedTransaction(IDbContextTransaction? own) => _own = own;

    /// <summary>Commits what is its own. The other is committed with the answer, or rolled back with a refusal.</summary>
    public Task CommitAsync(CancellationToken ct) => _own?.CommitAsync(ct) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
