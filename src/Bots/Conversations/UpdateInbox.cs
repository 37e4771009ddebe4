using System.Text.Json;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Bots.Storage;
using Telegram.Bot;
using Telegram.Bot.Types;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>An update that waits to be handled.</summary>
/// <param name="IsTooMany">Nothing is done about it but to tell so: its sender writes faster than he can be answered.</param>
internal sealed record WaitingUpdate(Update Update, TelegramId From, bool IsTooMany = false)
{
    public long Id => Update.Id;
}

/// <summary>
/// What Telegram has sent, kept before it is confirmed there, so that nothing is lost, and remembered after it was handled, so
/// that nothing has its effect twice.
/// </summary>
/// <remarks>
/// No offset is stored: Telegram sends what was not confirmed again, within a day, and what is known already is left out here.
/// After a week without updates its numbers start anew at random, so they are only compared for being equal.
/// </remarks>
internal sealed class UpdateInbox(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Telegram keeps what it was not confirmed for a day.</summary>
    public static readonly TimeSpan KeepHandled = TimeSpan.FromDays(3);

    /// <returns>Those that are new, in their order.</returns>
    public async Task<IReadOnlyList<WaitingUpdate>> Keep(string bot, IReadOnlyList<WaitingUpdate> updates, CancellationToken ct)
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
                payloads = updates.Select(update => Payload(update.Update)).ToArray(),
                now = clock.GetUtcNow(),
            },
            cancellationToken: ct));
        var fresh = kept.ToHashSet();
        return [.. updates.Where(update => fresh.Contains(update.Id))];
    }

    /// <summary>What an earlier leader kept and did not come to handle, in order.</summary>
    public async Task<IReadOnlyList<WaitingUpdate>> Waiting(string bot, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(long TelegramId, string Payload)>(new CommandDefinition(
            "select telegram_id, payload::text from updates where bot = @bot and handled_at is null order by update_id", new { bot }, cancellationToken: ct));
        return [.. rows.Select(row => new WaitingUpdate(Parse(row.Payload), new TelegramId(row.TelegramId)))];
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

    public static string Payload(Update update) => JsonSerializer.Serialize(update, JsonBotAPI.Options);

    public static Update Parse(string payload) => JsonSerializer.Deserialize<Update>(payload, JsonBotAPI.Options)!;
}
