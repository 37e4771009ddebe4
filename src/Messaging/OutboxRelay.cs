using System.Diagnostics;
using System.Text.Json;
using Dapper;
using MassTransit;
using Npgsql;
using Platform.Database.Jobs;

namespace Platform.Messaging;

/// <summary>
/// Publishes what waits in <c>outbox</c>, up to <see cref="InFlight"/> at once with publisher confirms, and deletes what
/// the broker has confirmed. One replica of a service leads; the others pass their wake-up calls on to it.
/// </summary>
/// <remarks>
/// Leadership is for speed, not for correctness: a row published twice (a crash between confirm and delete, two relays for
/// a moment) carries the same <c>MessageId</c> and has its effect once.
/// </remarks>
internal sealed partial class OutboxRelay(
    LeaderElection election,
    OutboxSignal signal,
    NpgsqlDataSource database,
    IBus bus,
    BrokerWatchdog watchdog,
    Events events,
    TimeProvider clock,
    ILogger<OutboxRelay> log)
    : BackgroundService
{
    /// <summary>Measured: 10 600 messages a second so, 784 when each waits for the one before.</summary>
    public const int InFlight = 500;

    /// <summary>Stands behind both wake-up calls, so that a lost one delays an event and loses nothing.</summary>
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls to another replica are gathered: a notification takes a lock that all of the database's commits share.</summary>
    private static readonly TimeSpan PassOnAtMostEvery = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>A publish that waits for a connection which never comes must not hold up the relay when the next one is there.</summary>
    private static readonly TimeSpan ConfirmedWithin = TimeSpan.FromSeconds(15);

    /// <summary>How long what is under way may take when the process stops: milliseconds, unless the broker is away.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(2);

    private static readonly ActivitySource Source = new("Platform.Outbox");

    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile bool _leading;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        election.Lead("outbox", Relay, stoppingToken),
        PassOnWakeUps(stoppingToken));

    private async Task Relay(LeaderConnection connection, CancellationToken ct)
    {
        connection.Notified += Wake;
        await connection.Listen(Channel, ct);
        _leading = true;
        try
        {
            while (!ct.IsCancellationRequested)
            {
                if (!await RelayBatch(ct))
                {
                    await _wake.WaitAsync(PollEvery, ct);
                }
            }
        }
        finally
        {
            _leading = false;
            // The next leader has it to publish.
            watchdog.Published();
            connection.Notified -= Wake;
        }
    }

    /// <returns>Whether there may be more to publish at once.</returns>
    private async Task<bool> RelayBatch(CancellationToken ct)
    {
        // What is under way is finished: a publish given up in the middle would be done again, and logged as a fault.
        using var finish = new CancellationTokenSource();
        await using var stop = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(FinishWithin), finish);
        try
        {
            var waiting = await ReadWaiting(ct);
            if (waiting.Count == 0)
            {
                watchdog.Published();
                return false;
            }

            watchdog.Publishing();
            var sent = await Task.WhenAll(waiting.Select(row => Publish(row, finish.Token)));
            if (!sent.Contains(Sending.Interrupted))
            {
                watchdog.Published();
            }

            await Delete([.. waiting.Where((_, i) => sent[i] is Sending.Confirmed).Select(row => row.Id)], finish.Token);
            await HoldBack([.. waiting.Where((_, i) => sent[i] is Sending.Refused).Select(row => row.Id)], finish.Token);
            if (sent.Contains(Sending.Interrupted))
            {
                await Task.Delay(PauseAfterFailure, ct);
            }

            return waiting.Count == InFlight;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogPassFailed(fault);
            await Task.Delay(PauseAfterFailure, ct);
            return true;
        }
    }

    private async Task<IReadOnlyList<Row>> ReadWaiting(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "select id, type, payload, traceparent from outbox where not_before is null or not_before <= @now order by id limit @limit",
            new { now = clock.GetUtcNow(), limit = InFlight }, cancellationToken: ct));
        return rows.AsList();
    }

    private async Task<Sending> Publish(Row row, CancellationToken ct)
    {
        if (events.FindPublished(row.Type) is not { } published)
        {
            LogUnknown(row.Type, row.Id);
            return Sending.Refused;
        }

        _ = ActivityContext.TryParse(row.Traceparent, null, isRemote: true, out var trace);
        using var activity = Source.StartActivity($"outbox {published.Type.Name}", ActivityKind.Internal, trace);
        try
        {
            var happened = JsonSerializer.Deserialize(row.Payload, published.Type, EventJson.Options)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(ConfirmedWithin);
            await bus.Publish(happened, published.Type, context =>
            {
                context.MessageId = row.Id;
                if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
                {
                    rabbit.Mandatory = published.Consumed;
                }
            }, limit.Token).WaitAsync(limit.Token);
            watchdog.Published();
            return Sending.Confirmed;
        }
        catch (Exception fault) when (fault is MessageReturnedException or JsonException)
        {
            activity?.SetStatus(ActivityStatusCode.Error, fault.Message);
            LogRefused(fault, row.Type, row.Id);
            return Sending.Refused;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, fault.Message);
            LogInterrupted(fault, row.Type, row.Id);
            return Sending.Interrupted;
        }
    }

    private async Task Delete(Guid[] ids, CancellationToken ct)
    {
        if (ids.Length > 0)
        {
            await using var command = database.CreateCommand("delete from outbox where id = any($1)");
            command.Parameters.AddWithValue(ids);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    // A row that the broker does not take waits longer each time, up to a minute, and lets the rows behind it pass.
    private async Task HoldBack(Guid[] ids, CancellationToken ct)
    {
        if (ids.Length > 0)
        {
            await using var command = database.CreateCommand("""
                update outbox
                set attempts = attempts + 1, not_before = $2 + least(power(2, least(attempts, 6)), 60) * interval '1 second'
                where id = any($1)
                """);
            command.Parameters.AddWithValue(ids);
            command.Parameters.AddWithValue(clock.GetUtcNow());
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task PassOnWakeUps(CancellationToken stopping)
    {
        await foreach (var _ in signal.Commits(stopping))
        {
            if (_leading)
            {
                Wake();
                continue;
            }

            try
            {
                await using var command = database.CreateCommand("select pg_notify($1, '')");
                command.Parameters.AddWithValue(Channel);
                await command.ExecuteNonQueryAsync(stopping);
            }
            catch (NpgsqlException fault)
            {
                LogNotPassedOn(fault);
            }

            await Task.Delay(PassOnAtMostEvery, stopping);
        }
    }

    private void Wake()
    {
        // Only this class releases, and a wake-up call while one is pending says nothing new.
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    private string Channel => $"outbox_{election.Service}";

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    private enum Sending
    {
        Confirmed,

        /// <summary>This message cannot be published as things are: no queue is bound, or nobody here knows its type.</summary>
        Refused,

        /// <summary>The broker is away; it says nothing about the message.</summary>
        Interrupted,
    }

    private sealed record Row(Guid Id, string Type, string Payload, string? Traceparent);

    [LoggerMessage(Level = LogLevel.Error, Message = "Relaying the outbox failed; it goes on in a second.")]
    private partial void LogPassFailed(Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Outbox row {Id} holds {Type}, which this service does not publish; it is held back.")]
    private partial void LogUnknown(string type, Guid id);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Type} {Id} reaches no queue or cannot be read; it is held back and tried again.")]
    private partial void LogRefused(Exception fault, string type, Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} {Id} was not confirmed by the broker; it stays in the outbox.")]
    private partial void LogInterrupted(Exception fault, string type, Guid id);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The leading relay was not woken; its poll finds the event.")]
    private partial void LogNotPassedOn(Exception fault);
}
