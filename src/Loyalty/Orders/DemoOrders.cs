using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Loyalty.Codes;

namespace Platform.Loyalty.Orders;

/// <summary>
/// Demo data: a year of 2 000 orders in four shops by the 200 demo guests that Users seeds, and a few refunds, the same each time.
/// They go through the same functions as real orders, with past times. Their events are not published.
/// </summary>
internal static class DemoOrders
{
    public const int Count = 2_000;

    // The ids that Users gives its demo guests and demo staff.
    private const int Guests = 200;
    private const long FirstGuest = 900_001;
    private const long FirstStaff = 900_001;

    /// <summary>One order in this many is refunded, alternately in whole and in part.</summary>
    private const int RefundEvery = 97;

    private const int BatchSize = 200;

    private static readonly string[] Shops = ["main-street", "riverside", "station", "university"];

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var options = services.GetRequiredService<IOptions<LoyaltyOptions>>().Value;
        var today = new DateTimeOffset(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

        // One transaction: if one demo order exists, all do.
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Run(connection, [Command("select pg_advisory_xact_lock(hashtextextended('loyalty.demo_orders', 0))")], ct);
        if (await CountSeeded(connection, ct) > 0)
        {
            return 0;
        }

        await Run(connection, [OpenAccounts(today)], ct);
        var orders = Draw(today).OrderBy(order => order.At).ThenBy(order => order.Number).ToList();
        foreach (var batch in orders.Chunk(BatchSize))
        {
            await Run(connection, [.. batch.SelectMany(order => Commands(order, options))], ct);
        }

        await Run(connection, [Command("delete from outbox where id = any ($1)", orders.SelectMany(order => order.Events).ToArray())], ct);

        if (await CountSeeded(connection, ct) is var seeded && seeded != Count)
        {
            throw new InvalidOperationException($"Only {seeded} of {Count} demo orders could be placed, so none was added.");
        }

        await transaction.CommitAsync(ct);
        return Count;
    }

    private static NpgsqlBatchCommand OpenAccounts(DateTimeOffset today) => Command(
        """
        insert into accounts (user_id, level, level_since, opened_at)
        select user_id, key, at, at
        from unnest($1, $2) as guest (user_id, at), (select key from levels order by rank limit 1) lowest
        on conflict (user_id) do nothing
        """,
        Enumerable.Range(0, Guests).Select(guest => FirstGuest + guest).ToArray(),
        Enumerable.Range(0, Guests).Select(guest => RegisteredOn(guest, today)).ToArray());

    private static IEnumerable<NpgsqlBatchCommand> Commands(DemoOrder order, LoyaltyOptions options)
    {
        var staff = FirstStaff + (order.Number % 2);
        var key = string.Create(CultureInfo.InvariantCulture, $"demo:{order.Number}");
        yield return Command(
            """
            select placed.outcome::text
            from give_payment_code($1, $2, $3, $3 + $4, $5, null, null, null, null, null) given, accounts account, settings, lateral place_order(
                $6, null, given.code, $7, case when $8 then least(account.points, floor($7 * settings.max_points_share)::bigint) else 0 end, $9,
                $10, sha256(convert_to($10, 'UTF8')), $3, null, null, null, $11, $12, $5, $13, $14, null) placed
            where account.user_id = $1
            """,
            FirstGuest + order.Guest, order.Codes, order.At, options.CodeLifetime, options.CodeNumberRest,
            staff, order.Amount, order.SpendsPoints, order.Shop, key, options.WrongCodesPerMinute, LoyaltyOptions.WrongCodesWindow, order.Events[0], order.Events[1]);
        if (order.Number % RefundEvery == 1)
        {
            yield return Command(
                """
                select outcome::text
                from orders demo, lateral refund_order(
                    demo.id, $1, case when $3 then 50 end, null, null, null, $4, 'staff:' || $1, 'staff', null, null, $5, null)
                where demo.staff_id = $1 and demo.idempotency_key = $2
                """,
                staff, key, order.Number % 2 == 0, order.At.AddMinutes(3), order.Events[2]);
        }
    }

    private static async Task<long> CountSeeded(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select count(*) from orders where staff_id in ($1, $1 + 1) and idempotency_key like 'demo:%'", connection)
        {
            Parameters = { new() { Value = FirstStaff } },
        };
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task Run(NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> commands, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    // The same dates as in Users: about one registration every other day, oldest first.
    private static DateTimeOffset RegisteredOn(int guest, DateTimeOffset today) => today.AddDays((guest * 9 / 5) - 365);

    private static IEnumerable<DemoOrder> Draw(DateTimeOffset today)
    {
        for (var number = 0; number < Count; number++)
        {
            // A few guests come often and most rarely, so that every level has guests; the earliest have had the most time.
            var guest = Guests * Pick(number, "guest", 1000) / 1000 * Pick(number, "guest again", 1000) / 1000;
            var firstDay = RegisteredOn(guest, today).AddDays(1);
            yield return new DemoOrder(
                number,
                guest,
                Shops[Pick(number, "shop", Shops.Length)],
                150 + (10 * Pick(number, "amount", guest < 20 ? 600 : 200)),
                SpendsPoints: Pick(number, "spends points", 6) == 0,
                firstDay.AddDays(Pick(number, "day", (today - firstDay).Days)).AddSeconds((5 * 3600) + Pick(number, "second", 13 * 3600)),
                [.. Enumerable.Range(0, 8).Select(nth => Pick(number, $"code {nth}", PaymentCode.Numbers).ToString("D6", CultureInfo.InvariantCulture))],
                [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()]);
        }
    }

    // Looks random and is the same each time.
    private static int Pick(int order, string what, int below) =>
        (int)(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{order}: {what}"))) % (ulong)below);

    /// <param name="Number">From 0.</param>
    /// <param name="Guest">From 0.</param>
    /// <param name="Codes">Candidates for the guest's payment code.</param>
    /// <param name="Events">Ids of the events it writes, so that they can be deleted from the outbox.</param>
    private sealed record DemoOrder(
        int Number, int Guest, string Shop, decimal Amount, bool SpendsPoints, DateTimeOffset At, string[] Codes, Guid[] Events);
}
