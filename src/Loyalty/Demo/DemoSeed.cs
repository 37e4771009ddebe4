using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Platform.Loyalty.Levels;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Demo;

/// <summary>
/// Demo data: half a year of a small chain with three shops, 2 000 guests and 40 000 orders, written in bulk. A few orders are then refunded,
/// alternately in whole and in part, as real ones are. No events are published.
/// </summary>
internal static class DemoSeed
{
    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<LoyaltyDb>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var levels = await db.Levels.AsNoTracking().OrderBy(level => level.Rank).ToListAsync(ct);
        var settings = await db.Set<LoyaltySettings>().AsNoTracking().SingleAsync(ct);

        // One transaction: if one demo order exists, all do.
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Execute(connection, "select pg_advisory_xact_lock(hashtextextended('loyalty.demo', 0))", ct);
        if ((await Column<bool>(connection, "select exists (select from orders where idempotency_key like 'demo:%')", ct))[0])
        {
            return 0;
        }

        var chain = new DemoChain(levels, settings, services.GetRequiredService<BusinessClock>(), now);
        await OpenAccounts(connection, chain.Guests, levels[0], ct);
        // Someone may have used a demo guest's account already.
        var used = await Column<long>(
            connection, "select user_id from accounts where user_id = any ($1) and version > 1 for update", ct, Ids(chain.Guests));
        chain.Play(
            used.ToHashSet(),
            await Reserve(connection, "orders", DemoChain.OrderCount, ct),
            // At most one entry that spends, one that earns and one that buys.
            await Reserve(connection, "point_entries", 3 * DemoChain.OrderCount, ct));
        await Write(connection, chain, ct);
        await Refund(connection, chain, ct);
        await transaction.CommitAsync(ct);
        return chain.Orders.Count;
    }

    private static Task OpenAccounts(NpgsqlConnection connection, IReadOnlyList<DemoGuest> guests, Level lowest, CancellationToken ct) => Execute(
        connection,
        """
        insert into accounts (user_id, level, level_since, opened_at)
        select user_id, $3, at, at from unnest($1, $2) as guest (user_id, at)
        on conflict (user_id) do nothing
        """,
        ct, Ids(guests), guests.Select(guest => guest.RegisteredAt).ToArray(), lowest.Key);

    private static async Task Write(NpgsqlConnection connection, DemoChain chain, CancellationToken ct)
    {
        var played = chain.Played.ToList();
        await WriteShops(connection, chain, ct);
        await Copy(connection,
            "orders (id, user_id, staff_id, shop_id, code, amount, paid, points_earned, points_spent, balance_after, level_before, level_after, "
            + "roubles_per_point, earn_level, level_multiplier, level_thresholds, level_multipliers, idempotency_key, request_hash, placed_at)",
            chain.Orders, async (row, order) =>
            {
                var steps = chain.LevelsUpTo(order.Before);
                var key = string.Create(CultureInfo.InvariantCulture, $"demo:{order.Number}");
                await row.WriteAsync(order.Id, ct);
                await row.WriteAsync(order.UserId, ct);
                await row.WriteAsync(order.StaffId, ct);
                await row.WriteAsync(order.ShopId, ct);
                await row.WriteAsync(order.Code, ct);
                await row.WriteAsync(order.Amount, ct);
                await row.WriteAsync(order.Paid, ct);
                await row.WriteAsync(order.Earned, ct);
                await row.WriteAsync(order.Spent, ct);
                await row.WriteAsync(order.Balance, ct);
                await row.WriteAsync(order.Before.Key, ct);
                await row.WriteAsync(order.After.Key, ct);
                await row.WriteAsync(chain.RoublesPerPoint, ct);
                await row.WriteAsync(order.Before.Key, ct);
                await row.WriteAsync(order.Before.EarnMultiplier, ct);
                await Write(row, steps.Count > 1 ? steps.Select(level => level.Threshold.Value).ToArray() : null, ct);
                await Write(row, steps.Count > 1 ? steps.Select(level => level.EarnMultiplier).ToArray() : null, ct);
                await row.WriteAsync(key, ct);
                await row.WriteAsync(SHA256.HashData(Encoding.UTF8.GetBytes(key)), ct);
                await row.WriteAsync(order.PlacedAt, ct);
            }, ct);
        await WriteGifts(connection, chain, ct);
        await Copy(connection, "point_entries (user_id, id, delta, reason, source_id, balance_after, created_at, why)", chain.Entries, async (row, entry) =>
        {
            await row.WriteAsync(entry.UserId, ct);
            await row.WriteAsync(entry.Id, ct);
            await row.WriteAsync(entry.Delta, ct);
            await row.WriteAsync(entry.Reason, ct);
            await row.WriteAsync(DemoChain.SourceOf(entry), ct);
            await row.WriteAsync(entry.Balance, ct);
            await row.WriteAsync(entry.At, ct);
            await row.WriteAsync(JsonSerializer.Serialize(chain.WhyOf(entry), JsonSerializerOptions.Web), NpgsqlDbType.Jsonb, ct);
        }, ct);
        var lots = chain.Entries.Where(entry => entry.Delta > 0);
        await Copy(connection, "point_lots (user_id, entry_id, points, points_left, earned_at)", lots, async (row, lot) =>
        {
            await row.WriteAsync(lot.UserId, ct);
            await row.WriteAsync(lot.Id, ct);
            await row.WriteAsync(lot.Delta, ct);
            await row.WriteAsync(lot.Left, ct);
            await row.WriteAsync(lot.At, ct);
        }, ct);
        await Copy(connection, "point_lot_uses (user_id, spend_entry_id, lot_entry_id, entry_id, points)", chain.Uses, async (row, use) =>
        {
            await row.WriteAsync(use.UserId, ct);
            await row.WriteAsync(use.EntryId, ct);
            await row.WriteAsync(use.LotId, ct);
            await row.WriteAsync(use.EntryId, ct);
            await row.WriteAsync(use.Points, ct);
        }, ct);
        await Execute(
            connection,
            """
            update accounts set
                points = played.points, lifetime_points = played.lifetime, lifetime_spend = played.spend, level = played.level,
                level_since = played.since, level_threshold = played.threshold, last_order_at = played.last_order, version = accounts.version + played.changes
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                as played (user_id, points, lifetime, spend, level, since, threshold, last_order, changes)
            where accounts.user_id = played.user_id
            """,
            ct,
            Ids(played), played.Select(guest => guest.Points).ToArray(), played.Select(guest => guest.Lifetime).ToArray(),
            played.Select(guest => guest.Spend).ToArray(), played.Select(guest => guest.Level.Key).ToArray(),
            played.Select(guest => guest.LevelSince).ToArray(), played.Select(guest => guest.Level.Threshold.Value).ToArray(),
            played.Select(guest => guest.LastOrderAt).ToArray(), played.Select(guest => guest.Changes).ToArray());
        await WriteFeedback(connection, chain, ct);
    }

    private static async Task WriteShops(NpgsqlConnection connection, DemoChain chain, CancellationToken ct)
    {
        foreach (var (nth, shop) in DemoChain.Shops.Index())
        {
            await Execute(
                connection,
                """
                insert into shops (id, name, city, address, opening_hours, active, created_at) values ($1, $2, $3, $4, $5, true, $6)
                on conflict (id) do nothing
                """,
                ct, shop.Id, shop.Name, shop.City, shop.Address, shop.Hours, chain.Opened);
            await Execute(
                connection, "insert into staff_shops (staff_id, shop_id) select unnest($1), $2 on conflict do nothing", ct,
                new[] { DemoChain.FirstStaff + (nth * 2), DemoChain.FirstStaff + (nth * 2) + 1 }, shop.Id);
        }

        await Copy(connection, "shifts (staff_id, shop_id, opened_at, closed_at)", chain.Shifts, async (row, shift) =>
        {
            await row.WriteAsync(shift.StaffId, ct);
            await row.WriteAsync(shift.ShopId, ct);
            await row.WriteAsync(shift.OpenedAt, ct);
            await row.WriteAsync(shift.ClosedAt, ct);
        }, ct);
    }

    private static async Task WriteGifts(NpgsqlConnection connection, DemoChain chain, CancellationToken ct)
    {
        foreach (var (nth, reward) in DemoChain.Rewards.Index())
        {
            chain.RewardIds.AddRange(await Column<long>(
                connection,
                """
                insert into rewards (title, description, cost, stock, sold, active, created_at) values ($1, $2, $3, $4, $5, true, $6) returning id
                """,
                ct, reward.Title, reward.Description, reward.Cost, reward.Stock is { } stock ? stock - chain.Sold[nth] : DBNull.Value, (long)chain.Sold[nth],
                chain.Opened));
        }

        var card = (await Column<long>(
            connection, "insert into stamp_cards (title, n, reward, active, created_at) values ($1, $2, $3, true, $4) returning id", ct,
            "Каждый шестой кофе", DemoChain.StampsForGift, DemoChain.StampGift, chain.Opened))[0];
        await Copy(connection, "stamps (user_id, card_id, order_id, at)", chain.Stamps, async (row, stamp) =>
        {
            await row.WriteAsync(stamp.UserId, ct);
            await row.WriteAsync(card, ct);
            await row.WriteAsync(stamp.OrderId, ct);
            await row.WriteAsync(stamp.At, ct);
        }, ct);

        var ids = await Reserve(connection, "gifts", chain.Gifts.Count, ct);
        await Copy(connection,
            "gifts (id, user_id, title, reason, source_id, reward_id, cost, stamp_card_id, stamps, issued_by, issued_at, expires_at, redeemed_at, redeemed_by, order_id)",
            chain.Gifts.Index(), async (row, numbered) =>
            {
                var (nth, gift) = numbered;
                gift.Id = ids[nth];
                await row.WriteAsync(gift.Id, ct);
                await row.WriteAsync(gift.UserId, ct);
                await row.WriteAsync(gift.Title, ct);
                await row.WriteAsync(gift.Reason, ct);
                await row.WriteAsync(
                    gift.FullCard is { } full ? string.Create(CultureInfo.InvariantCulture, $"stamp:{card}:{full}") : gift.Source, ct);
                await Write(row, gift.Reward is { } reward ? chain.RewardIds[reward] : (long?)null, ct);
                await Write(row, gift.Cost, ct);
                await Write(row, gift.FullCard is null ? null : (long?)card, ct);
                await Write(row, gift.FullCard is null ? null : (int?)(DemoChain.StampsForGift - 1), ct);
                await Write(row, gift.IssuedBy, ct);
                await row.WriteAsync(gift.IssuedAt, ct);
                await Write(row, gift.ExpiresAt, ct);
                await Write(row, gift.RedeemedAt, ct);
                await Write(row, gift.RedeemedBy, ct);
                await Write(row, gift.OrderId, ct);
            }, ct);
    }

    private static async Task WriteFeedback(NpgsqlConnection connection, DemoChain chain, CancellationToken ct)
    {
        var ids = await Reserve(connection, "feedback", chain.Feedback.Count, ct);
        await Copy(connection, "feedback (id, kind, user_id, rating, text, shop_id, created_at)", chain.Feedback.Index(), async (row, numbered) =>
        {
            var (nth, said) = numbered;
            await row.WriteAsync(ids[nth], ct);
            await row.WriteAsync(said.Kind, ct);
            await row.WriteAsync(said.UserId, ct);
            await Write(row, (short?)said.Rating, ct);
            await Write(row, said.Text, ct);
            await Write(row, said.ShopId, ct);
            await row.WriteAsync(said.At, ct);
        }, ct);
        var answered = chain.Feedback.Index().Where(said => said.Item.Reply is not null);
        await Copy(connection, "replies (feedback_id, staff_id, text, at)", answered, async (row, numbered) =>
        {
            var (nth, said) = numbered;
            await row.WriteAsync(ids[nth], ct);
            await row.WriteAsync(DemoChain.Manager, ct);
            await row.WriteAsync(said.Reply, ct);
            await row.WriteAsync(said.At.AddHours(3), ct);
        }, ct);
    }

    private static async Task Refund(NpgsqlConnection connection, DemoChain chain, CancellationToken ct)
    {
        foreach (var (nth, order) in chain.Refunded.Index())
        {
            var refunded = Guid.NewGuid();
            await Execute(
                connection,
                """
                select outcome::text from refund_order(
                    p_order_id => $1, p_staff_id => $2, p_amount => case when $3 then 50 end, p_undo_window => null, p_idempotency_key => null,
                    p_request_hash => null, p_now => $4, p_subject => 'staff:' || $2, p_role => 'staff', p_actor => null, p_address => null,
                    p_event => $5, p_traceparent => null)
                """,
                ct, order.Id, order.StaffId, nth % 2 == 0, order.PlacedAt.AddSeconds(30), refunded);
            await Execute(connection, "delete from outbox where id = $1", ct, refunded);
        }

        await Execute(connection, "delete from stamps using orders where orders.id = order_id and orders.id = any ($1) and refunded_at is not null", ct,
            chain.Refunded.Select(order => order.Id).ToArray());
    }

    private static long[] Ids(IEnumerable<DemoGuest> guests) => [.. guests.Select(guest => guest.UserId)];

    private static async Task<IReadOnlyList<long>> Reserve(NpgsqlConnection connection, string table, int count, CancellationToken ct) =>
        [.. (await Column<long>(connection, "select nextval(pg_get_serial_sequence($1, 'id')) from generate_series(1, $2)", ct, table, count)).Order()];

    private static async Task Copy<TRow>(
        NpgsqlConnection connection, string into, IEnumerable<TRow> rows, Func<NpgsqlBinaryImporter, TRow, Task> write, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {into} from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            await write(copy, row);
        }

        await copy.CompleteAsync(ct);
    }

    private static Task Write<TValue>(NpgsqlBinaryImporter row, TValue? value, CancellationToken ct) where TValue : struct =>
        value is { } some ? row.WriteAsync(some, ct) : row.WriteNullAsync(ct);

    private static Task Write<TValue>(NpgsqlBinaryImporter row, TValue? value, CancellationToken ct) where TValue : class =>
        value is { } some ? row.WriteAsync(some, ct) : row.WriteNullAsync(ct);

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<TValue>> Column<TValue>(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var column = new List<TValue>();
        while (await rows.ReadAsync(ct))
        {
            column.Add(rows.GetFieldValue<TValue>(0));
        }

        return column;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
