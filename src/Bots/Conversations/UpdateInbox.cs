using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Bots.Storage;
using Platform.Database;
using Telegram.Bot.Types;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>An update that waits to be handled.</summary>
/// <param name="Update">Null when it is read from the inbox once its turn has come.</param>
/// <param name="IsTooMany">Nothing is done about it but to tell so: its sender writes faster than they can be answered.</param>
internal sealed record WaitingUpdate(long Id, TelegramId From, Update? Update = null, bool IsTooMany = false);

/// <summary>
/// What Telegram has sent, kept before it is confirmed there, so that nothing is lost, and remembered after it was handled, so
/// that nothing has its effect twice.
/// </summary>
/// <remarks>
/// No offset is stored: Telegram sends what was not confirmed again, within a day, and what is known already is left out here.
/// After a week without updates its numbers start anew at random, so they are only compared for being equal.
/// </remarks>
internal sealed class UpdateInbox(NpgsqlDataSource database, Quarantine quarantine, TimeProvider clock)
{
    /// <summary>Telegram keeps what it was not confirmed for a day.</summary>
    public static readonly TimeSpan KeepHandled = TimeSpan.FromDays(3);

    /// <summary>Of updates that wait, this many are looked up at once.</summary>
    public const int Page = 1000;

    /// <returns>Those that are new, in their order.</returns>
    public async Task<IReadOnlyList<WaitingUpdate>> Keep(string bot, IReadOnlyList<(WaitingUpdate Update, SentUpdate Sent)> updates, CancellationToken ct)
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
            return await KeepOneByOne(bot, updates, ct);
        }
    }

    /// <summary>What an earlier leader kept and did not come to handle: a page of it, in order.</summary>
    /// <param name="after">The last number of the page before.</param>
    public async Task<IReadOnlyList<WaitingUpdate>> Waiting(string bot, long after, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(long Id, long TelegramId)>(new CommandDefinition(
            "select update_id, telegram_id from updates where bot = @bot and handled_at is null and update_id > @after order by update_id limit @Page",
            new { bot, after, Page }, cancellationToken: ct));
        return [.. rows.Select(row => new WaitingUpdate(row.Id, new TelegramId(row.TelegramId)))];
    }

    /// <returns>Null when somebody else has handled it meanwhile.</returns>
    public async Task<Update?> Read(string bot, WaitingUpdate waiting, CancellationToken ct)
    {
        if (waiting.Update is { } update)
        {
            return update;
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        var payload = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select payload::text from updates where bot = @bot and update_id = @id and handled_at is null", new { bot, id = waiting.Id }, cancellationToken: ct));
        return payload is null ? null : UpdateReader.Parse(payload);
    }

    /// <summary>What was fetched up to now is kept, or put aside: the bot is alive.</summary>
    public async Task Moved(string bot, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into polls (bot, moved_at) values (@bot, @now) on conflict (bot) do update set moved_at = excluded.moved_at",
            new { bot, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <returns>Null when it never has.</returns>
    public async Task<DateTimeOffset?> MovedAt(string bot, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            "select moved_at from polls where bot = @bot", new { bot }, cancellationToken: ct));
    }

    /// <summary>Part of the transaction that saves what the update has changed.</summary>
    /// <returns>False when somebody else has handled it meanwhile: then nothing of this may be saved.</returns>
    public async Task<bool> IsHandledNow(BotsDb db, string bot, long updateId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Database.ExecuteSqlAsync(
            $"update updates set handled_at = {now}, payload = null where bot = {bot} and update_id = {updateId} and handled_at is null", ct) == 1;
    }

    /// <summary>What nothing is to come of any more counts as handled: of it, too, only the number stays.</summary>
    public async Task Drop(string bot, IReadOnlyList<WaitingUpdate> updates, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "update updates set handled_at = @now, payload = null where bot = @bot and update_id = any(@ids) and handled_at is null",
            new { bot, ids = updates.Select(update => update.Id).ToArray(), now = clock.GetUtcNow() },
            cancellationToken: ct));
    }

    /// <summary>When the database refuses a batch, it goes on without the update that is to blame.</summary>
    private async Task<IReadOnlyList<WaitingUpdate>> KeepOneByOne(string bot, IReadOnlyList<(WaitingUpdate Update, SentUpdate Sent)> updates, CancellationToken ct)
    {
        var kept = new List<WaitingUpdate>();
        foreach (var (update, sent) in updates)
        {
            try
            {
                kept.AddRange(await Insert(bot, [update], ct));
            }
            catch (Exception fault) when (!TransientFaults.IsTransient(fault) && !ct.IsCancellationRequested)
            {
                await quarantine.Add(bot, sent, fault, ct);
            }
        }

        return kept;
    }

    private async Task<IReadOnlyList<WaitingUpdate>> Insert(string bot, IReadOnlyList<WaitingUpdate> updates, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var kept = await connection.QueryAsync<long>(new CommandDefinition(
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
        var fresh = kept.ToHashSet();
        return [.. updates.Where(update => fresh.Contains(update.Id))];
    }
}
