using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Bots.Storage;
using Platform.Database;
using Telegram.Bot.Types;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>
/// Telegram's updates: stored before they are confirmed, so that none is lost, and remembered after they were handled, so that none
/// takes effect twice.
/// </summary>
/// <remarks>
/// No offset is stored: Telegram repeats unconfirmed updates for a day, and known ones are skipped here. After a week without updates
/// its numbers restart at random, so they are only compared for equality.
/// </remarks>
internal sealed class UpdateInbox(NpgsqlDataSource database, Quarantine quarantine, TimeProvider clock)
{
    /// <summary>Longer than the day for which Telegram repeats unconfirmed updates.</summary>
    public static readonly TimeSpan HandledRetention = TimeSpan.FromDays(3);

    public const int PageSize = 1000;

    public async Task<IReadOnlyList<PendingUpdate>> Store(string bot, IReadOnlyList<(PendingUpdate Update, SentUpdate Sent)> updates, CancellationToken ct)
    {
        if (updates.Count == 0)
        {
            return [];
        }

        try
        {
            return await Insert(bot, [.. updates.Select(update => update.Update)], ct);
        }
        catch (Exception fault) when (!TransientFaults.IsTransient(fault) && !ct.IsCancellationRequested)
        {
            return await StoreOneByOne(bot, updates, ct);
        }
    }

    /// <summary>A page of the updates that an earlier leader stored and did not handle, in order.</summary>
    /// <param name="after">The last number of the previous page.</param>
    public async Task<IReadOnlyList<PendingUpdate>> GetPending(string bot, long after, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(long Id, long TelegramId)>(new CommandDefinition(
            "select update_id, telegram_id from updates where bot = @bot and handled_at is null and update_id > @after order by update_id limit @PageSize",
            new { bot, after, PageSize }, cancellationToken: ct));
        return [.. rows.Select(row => new PendingUpdate(row.Id, new TelegramId(row.TelegramId)))];
    }

    /// <returns>Null when another replica has handled it.</returns>
    public async Task<Update?> Read(string bot, PendingUpdate pending, CancellationToken ct)
    {
        if (pending.Update is { } update)
        {
            return update;
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        var payload = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select payload::text from updates where bot = @bot and update_id = @id and handled_at is null", new { bot, id = pending.Id },
            cancellationToken: ct));
        return payload is null ? null : UpdateReader.Parse(payload);
    }

    /// <summary>Records that everything fetched so far is stored or quarantined.</summary>
    public async Task RecordPoll(string bot, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into polls (bot, moved_at) values (@bot, @now) on conflict (bot) do update set moved_at = excluded.moved_at",
            new { bot, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    public async Task<DateTimeOffset?> GetLastPoll(string bot, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            "select moved_at from polls where bot = @bot", new { bot }, cancellationToken: ct));
    }

    /// <summary>Part of the transaction that saves the update's changes.</summary>
    /// <returns>False when another replica has handled it: nothing may be saved then.</returns>
    public async Task<bool> TryMarkHandled(BotsDb db, string bot, long updateId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Database.ExecuteSqlAsync(
            $"update updates set handled_at = {now}, payload = null where bot = {bot} and update_id = {updateId} and handled_at is null", ct) == 1;
    }

    /// <summary>Marks updates as handled without handling them. Only their numbers stay.</summary>
    public async Task Discard(string bot, IReadOnlyList<PendingUpdate> updates, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "update updates set handled_at = @now, payload = null where bot = @bot and update_id = any(@ids) and handled_at is null",
            new { bot, ids = updates.Select(update => update.Id).ToArray(), now = clock.GetUtcNow() },
            cancellationToken: ct));
    }

    /// <summary>When the database refuses a batch, only the update at fault is quarantined.</summary>
    private async Task<IReadOnlyList<PendingUpdate>> StoreOneByOne(string bot, IReadOnlyList<(PendingUpdate Update, SentUpdate Sent)> updates,
        CancellationToken ct)
    {
        var stored = new List<PendingUpdate>();
        foreach (var (update, sent) in updates)
        {
            try
            {
                stored.AddRange(await Insert(bot, [update], ct));
            }
            catch (Exception fault) when (!TransientFaults.IsTransient(fault) && !ct.IsCancellationRequested)
            {
                await quarantine.Add(bot, sent, fault, ct);
            }
        }

        return stored;
    }

    private async Task<IReadOnlyList<PendingUpdate>> Insert(string bot, IReadOnlyList<PendingUpdate> updates, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var inserted = await connection.QueryAsync<long>(new CommandDefinition(
            """
            insert into updates (bot, update_id, telegram_id, payload, received_at)
            select @bot, update_id, telegram_id, payload::jsonb, @now from unnest(@ids, @people, @payloads) as sent (update_id, telegram_id, payload)
            on conflict (bot, update_id) do nothing
            returning update_id
            """,
            new
            {
                bot,
                ids = updates.Select(update => update.Id).ToArray(),
                people = updates.Select(update => update.From.Value).ToArray(),
                payloads = updates.Select(update => UpdateReader.Payload(update.Update!)).ToArray(),
                now = clock.GetUtcNow(),
            },
            cancellationToken: ct));
        var fresh = inserted.ToHashSet();
        return [.. updates.Where(update => fresh.Contains(update.Id))];
    }
}
