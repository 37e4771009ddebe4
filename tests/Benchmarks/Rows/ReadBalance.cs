using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

internal static class ReadBalance
{
    public static Row Of(Bench bench)
    {
        var balance = new Uri(bench.Platform.AddressOf("gateway"), "/api/billing/balance");
        return new Row(
            "own credit balance through the gateway", AuthenticatedNoOp.Name, Compared.Rate, Reach: 0.6,
            ct => bench.Load.Run(_ => Requests.Get(balance, bench.People.NextToken()), ct),
            ct => AuthenticatedNoOp.Measure(bench, ct));
    }
}
