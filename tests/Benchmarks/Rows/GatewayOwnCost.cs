using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

/// <summary>What the gateway adds to an idle call: the median through the gateway minus the median direct to the service.</summary>
internal static class GatewayOwnCost
{
    public static Row Of(Bench bench) => new(
        "the gateway's own cost, idle: p50 through it minus p50 direct", "one `HttpClient` hop to a plain backend", Compared.MedianTime, Reach: 1.3,
        ct => Measure(bench, ct),
        ct => bench.Idle.Run(_ => Requests.Get(bench.Plain.Direct), ct));

    private static async Task<Measurement> Measure(Bench bench, CancellationToken ct)
    {
        var direct = await CallMe("users");
        var through = await CallMe("gateway");
        return new Measurement(null, through.P50 - direct.P50, null, direct.Errors + through.Errors, direct.FirstError ?? through.FirstError);

        Task<Measurement> CallMe(string server)
        {
            var me = new Uri(bench.Platform.AddressOf(server), "/api/auth/me");
            return bench.Idle.Run(_ => Requests.Get(me, bench.People.NextToken()), ct);
        }
    }
}
