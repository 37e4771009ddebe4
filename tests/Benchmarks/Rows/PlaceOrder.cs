using System.Text;
using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

/// <summary>A code is redeemed, points and level follow, the event leaves, while notifications handles earlier events.</summary>
internal static class PlaceOrder
{
    /// <summary>More than can be placed: each order needs a code.</summary>
    private const int CodesPerSecond = 5000;

    public static Row Of(Bench bench) => new(
        "loyalty order through the gateway: code redeemed, points, level, event", AuthenticatedNoOp.Name, Compared.Rate, Reach: 0.4,
        ct => Measure(bench, ct),
        ct => AuthenticatedNoOp.Measure(bench, ct));

    public static byte[] Body(string code) => Encoding.UTF8.GetBytes($$"""{"code":"{{code}}","amount":1250,"shopId":"main-street"}""");

    private static async Task<Measurement> Measure(Bench bench, CancellationToken ct)
    {
        var orders = new Uri(bench.Platform.AddressOf("gateway"), "/api/loyalty/orders");
        var seconds = (bench.Settings.WarmUp + bench.Settings.Measure).TotalSeconds;
        // A guest has one code at a time.
        var codes = await bench.People.Codes((int)Math.Min(seconds * CodesPerSecond, bench.People.Count), ct);
        var used = -1;
        var found = await bench.Load.Run(
            client => Requests.Post(orders, bench.People.StaffToken(client), Body(codes[Interlocked.Increment(ref used)])), ct);
        await bench.Platform.WaitUntilIdle(ct);
        return found;
    }
}
