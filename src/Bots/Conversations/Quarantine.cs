using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using Platform.Database;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>Updates that cannot be parsed or stored, as raw bytes for the operator to look at.</summary>
internal sealed partial class Quarantine
{
    /// <summary>No longer than an operator needs, since they may contain anything that a person wrote.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(14);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _clock;
    private readonly ILogger<Quarantine> _log;
    private readonly Counter<long> _count;

    public Quarantine(NpgsqlDataSource database, TimeProvider clock, IMeterFactory meters, ILogger<Quarantine> log)
    {
        (_database, _clock, _log) = (database, clock, log);
        _count = meters.Create("Platform.Bots").CreateCounter<long>(
            "platform.bot.quarantined", unit: "{update}", description: "Updates that could not be parsed or stored, by bot.");
    }

    /// <summary>Idempotent: Telegram may send an update again.</summary>
    public async Task Add(string bot, SentUpdate sent, Exception fault, CancellationToken ct)
    {
        // Without the exception's message, which may quote the update.
        var reason = fault is PostgresException refused ? $"SQLSTATE {refused.SqlState}" : fault.GetType().Name;
        await using var connection = await _database.OpenConnectionAsync(ct);
        var added = await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into quarantined_updates (id, bot, update_id, telegram_id, content, reason, received_at)
            values (@id, @bot, @updateId, @sender, @content, @reason, @now)
            on conflict do nothing
            """,
            new
            {
                id = Guid.CreateVersion7(_clock.GetUtcNow()),
                bot,
                updateId = (long?)sent.Id,
                sender = UpdateReader.FindSender(sent)?.Value,
                content = sent.Json.ToArray(),
                reason,
                now = _clock.GetUtcNow(),
            },
            cancellationToken: ct));
        if (added == 1)
        {
            _count.Add(1, new KeyValuePair<string, object?>("bot", bot));
            LogQuarantined(bot, sent.Id, reason);
        }
    }

    public async Task PurgeOld(CancellationToken ct)
    {
        await using var command = _database.CreateCommand("delete from quarantined_updates where received_at < $1");
        command.Parameters.AddWithValue(_clock.GetUtcNow() - Retention);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<QuarantinedMessage>> List(CancellationToken ct)
    {
        await using var connection = await _database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<QuarantinedMessage>(new CommandDefinition(
            """
            select id, format('update %s of the %s bot, %s bytes', coalesce(update_id::text, 'without a number'), bot, length(content)) as what,
                reason, received_at as at
            from quarantined_updates order by received_at, id
            """, cancellationToken: ct))];
    }

    /// <param name="ids">Null for all.</param>
    public async Task<IReadOnlyList<Guid>> Discard(IReadOnlyCollection<Guid>? ids, CancellationToken ct)
    {
        await using var connection = await _database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "delete from quarantined_updates where @ids::uuid[] is null or id = any(@ids::uuid[]) returning id",
            new { ids = ids?.ToArray() }, cancellationToken: ct))];
    }

    public async Task<IReadOnlyList<(string Bot, byte[] Content, DateTimeOffset ReceivedAt)>> GetFor(TelegramId person, CancellationToken ct)
    {
        await using var connection = await _database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<(string, byte[], DateTimeOffset)>(new CommandDefinition(
            "select bot, content, received_at from quarantined_updates where telegram_id = @person order by received_at, id",
            new { person = person.Value }, cancellationToken: ct))];
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Update {UpdateId} of the {Bot} bot cannot be parsed or stored ({Reason}) and is quarantined. See: platform messages updates list.")]
    private partial void LogQuarantined(string bot, int? updateId, string reason);
}
