using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace Platform.ServiceDefaults.Web.Keys;

/// <summary>Makes the process read the keys again when a new one has come.</summary>
/// <remarks>
/// The framework reads them once a day, which is enough for the usual rotation, since a new key is made two days before
/// it is used. It is not enough when the old keys are gone, after a restore for instance: then every service but Users
/// would refuse the new tokens until it is restarted.
/// </remarks>
internal sealed partial class FollowKeys(FollowedKeys keys, NpgsqlDataSource database, ILogger<FollowKeys> log) : BackgroundService
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
                    keys.ReadAgain();
                    LogRead(found);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Key {Newest} is the newest; the keys are read again at their next use.")]
    private partial void LogRead(long newest);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Looking for new keys failed; the ones that were read stay in use.")]
    private partial void LogFailed(Exception fault);
}

/// <summary>The framework's key manager, with a cache that can be told that it is out of date.</summary>
internal sealed class FollowedKeys(XmlKeyManager keys) : IKeyManager, IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _cache = new();

    public void ReadAgain()
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
