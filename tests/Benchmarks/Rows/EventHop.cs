using System.Diagnostics;
using Npgsql;
using Platform.Benchmarks.Baselines;
using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

/// <summary>
/// From the commit of an order in loyalty to the commit of its notification, one order after another. The database reports
/// both commits on one connection, so the reporting delay cancels out.
/// </summary>
internal static class EventHop
{
    private const int HopsPerSecond = 40;

    private const string NotifyOnInsert = """
        create function public.bench_tell() returns trigger language plpgsql as $$
            begin perform pg_notify('bench', tg_argv[0]); return null; end $$;
        create trigger bench_tell after insert on loyalty.orders for each row execute function public.bench_tell('order');
        create trigger bench_tell after insert on notifications.notifications for each row when (new.template = 'order_placed')
            execute function public.bench_tell('notification');
        """;

    // Long enough for everything to be idle again.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    public static Row Of(Bench bench)
    {
        var hops = (int)(bench.Settings.Measure.TotalSeconds * HopsPerSecond);
        return new Row(
            "an event's way, idle: commit to commit of the consumer's effect", "RabbitMQ alone: publish, confirm, consume", Compared.MedianTime, Reach: 3,
            ct => Measure(bench, hops, ct),
            ct => BrokerHop.Measure(bench.Platform.Broker, hops, Every, ct),
            AlsoReach: "p50 ≤ 15 ms, p99 ≤ 60 ms");
    }

    private static async Task<Measurement> Measure(Bench bench, int hops, CancellationToken ct)
    {
        await using var connection = await bench.Platform.Database.OpenConnectionAsync(ct);
        var (ordered, told) = (0L, 0L);
        connection.Notification += (_, commit) => (commit.Payload == "order" ? ref ordered : ref told) = Stopwatch.GetTimestamp();
        await Execute(connection, NotifyOnInsert, ct);
        await Execute(connection, "listen bench", ct);

        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var orders = new Uri(bench.Platform.AddressOf("loyalty"), "/api/loyalty/orders");
        var times = new List<double>();
        var codes = await bench.People.Codes(hops, ct);
        using var pace = new PeriodicTimer(Every);
        foreach (var code in codes)
        {
            await pace.WaitForNextTickAsync(ct);
            told = 0;
            using var request = Requests.Post(orders, bench.People.StaffToken(0), PlaceOrder.Body(code));
            using var placed = await http.SendAsync(request, ct);
            placed.EnsureSuccessStatusCode();
            while (told == 0)
            {
                await connection.WaitAsync(ct);
            }

            times.Add(Stopwatch.GetElapsedTime(ordered, told).TotalMilliseconds);
        }

        await Execute(connection, "unlisten bench; drop function public.bench_tell cascade", ct);
        return Measurement.OfTimes(times);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
