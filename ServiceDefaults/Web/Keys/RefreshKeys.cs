using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace Platform.ServiceDefaults.Web.Keys;

/// <summary>Makes the process reload the Data Protection keys when there is a new one.</summary>
/// <remarks>The framework reloads them daily: after a restore without the old keys, services would refuse new tokens until they restart.</remarks>
internal sealed partial class RefreshKeys(RefreshableKeys keys, NpgsqlDataSource database, ILogger<RefreshKeys> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? newest = null;
        using var timer = new PeriodicTimer(Every);
        do
        {
            try
            {
                await using var command = database.CreateCommand("select coalesce(max(id), 0) from platform.keys");
                var found = (long)(await command.ExecuteScalarAsync(stoppingToken))!;
                if (found != newest)
                {
                    newest = found;
                    keys.Refresh();
                    LogRefreshed(found);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The newest key is {Newest}. The keys are reloaded when they are next used.")]
    private partial void LogRefreshed(long newest);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Checking for new keys failed. The loaded keys stay in use.")]
    private partial void LogFailed(Exception fault);
}

/// <summary>The framework's key manager, with a cache that can be invalidated.</summary>
internal sealed class RefreshableKeys(XmlKeyManager keys) : IKeyManager, IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _cache = new();

    public void Refresh()
    {
        CancellationTokenSource outdated;
        lock (_lock)
        {
            (outdated, _cache) = (_cache, new CancellationTokenSource());
        }

        outdated.Cancel();
    }

    public CancellationToken GetCacheExpirationToken()
    {
        lock (_lock)
        {
            return CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken(), _cache.Token).Token;
        }
    }

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => keys.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    public void Dispose() => _cache.Dispose();
}
