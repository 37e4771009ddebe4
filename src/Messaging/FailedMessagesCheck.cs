using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging;

/// <summary>Says how many messages wait for an operator in the service's error and skipped queues: degraded while there is one.</summary>
internal sealed class FailedMessagesCheck(Uri broker, ServiceName service, TimeProvider clock) : IHealthCheck, IDisposable
{
    /// <summary>Health is asked for every few seconds, and each look takes a connection.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly ConnectionFactory _factory = new()
    {
        Uri = broker,
        ClientProvidedName = $"{service.Value} health",
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = AnswerWithin,
    };

    private readonly SemaphoreSlim _one = new(1);
    private long? _lookedAt;
    private HealthCheckResult _last = HealthCheckResult.Healthy();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_lookedAt is not { } at || clock.GetElapsedTime(at) >= LookEvery)
            {
                _last = await Look(cancellationToken);
                _lookedAt = clock.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<HealthCheckResult> Look(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerWithin);
        try
        {
            await using var connection = await _factory.CreateConnectionAsync(limit.Token).WaitAsync(limit.Token);
            var failed = await Count(connection, ServiceQueue.ErrorsOf(service.Value), limit.Token);
            var skipped = await Count(connection, ServiceQueue.SkippedOf(service.Value), limit.Token);
            return failed + skipped == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(data: new Dictionary<string, object> { [HealthNote.Key] = $"{failed} failed, {skipped} skipped" });
        }
        // That the broker is away is told by the check of the bus.
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return HealthCheckResult.Healthy(data: new Dictionary<string, object> { [HealthNote.Key] = "not known" });
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
