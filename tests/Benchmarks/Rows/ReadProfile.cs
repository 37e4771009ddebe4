using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

internal static class ReadProfile
{
    public static Row Of(Bench bench)
    {
        var profile = new Uri(bench.Platform.AddressOf("gateway"), "/api/users/me");
        return new Row(
            "own profile through the gateway", AuthenticatedNoOp.Name, Compared.Rate, Reach: 0.6,
            ct => bench.Load.Run(_ => Requests.Get(profile, bench.People.NextToken()), ct),
            ct => AuthenticatedNoOp.Measure(bench, ct));
    }
}
