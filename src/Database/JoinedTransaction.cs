using Microsoft.EntityFrameworkCore.Storage;

namespace Platform.Database;

/// <summary>A handler's transaction: a new one, or the one that the endpoint's idempotency filter began and will end.</summary>
public sealed class JoinedTransaction : IAsyncDisposable
{
    private readonly IDbContextTransaction? _own;

    internal JoinedTransaction(IDbContextTransaction? own) => _own = own;

    /// <summary>Commits a new transaction. The idempotency filter commits its own on success, and rolls it back on a refusal.</summary>
    public Task CommitAsync(CancellationToken ct) => _own?.CommitAsync(ct) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
