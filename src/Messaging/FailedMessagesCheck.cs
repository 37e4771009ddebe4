using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>Degraded while the service's error or skipped queue holds messages, which wait for an operator.</summary>
internal sealed class FailedMessagesCheck(Uri broker, ServiceName service, TimeProvider clock) : IHealthCheck, IDisposable
{
    /// <summary>Results are cached, since probes come every few seconds and each check opens a connection.</summary>
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    private readonly ConnectionFactory _factory = new()
    {
        Uri = broker,
        ClientProvidedName = $"{service.Value} health",
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = CheckTimeout,
    };

    private readonly SemaphoreSlim _one = new(1);
    private long? _checkedAt;
    private HealthCheckResult _last = HealthCheckResult.Healthy();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_checkedAt is not { } at || clock.GetElapsedTime(at) >= CheckEvery)
            {
                _last = await Check(cancellationToken);
                _checkedAt = clock.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<HealthCheckResult> Check(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(CheckTimeout);
        try
        {
            await using var connection = await _factory.CreateConnectionAsync(limit.Token).WaitAsync(limit.Token);
            var failed = await Count(connection, ServiceQueue.ErrorsOf(service.Value), limit.Token);
            var skipped = await Count(connection, ServiceQueue.SkippedOf(service.Value), limit.Token);
            return failed + skipped == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(data: new Dictionary<string, object> { [HealthNote.Key] = $"{failed} failed, {skipped} skipped" });
        }
        // The bus's own check reports an unavailable broker.
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return HealthCheckResult.Healthy(data: new Dictionary<string, object> { [HealthNote.Key] = "unknown" });
        }
    }

    private static async Task<uint> Count(IConnection connection, string queue, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }
}
