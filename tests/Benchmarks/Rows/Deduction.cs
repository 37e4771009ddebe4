using System.Text;
using Platform.Benchmarks.Load;
using Platform.Benchmarks.Platform;

namespace Platform.Benchmarks.Rows;

/// <summary>A deduction of 0.01 credits with a new idempotency key: price, balance, key and ledger row, synced to disk before the answer.</summary>
internal static class Deduction
{
    public const string Metadata = """{"model": "benchmark", "tokens": {"input": 1000, "output": 500}}""";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes($$"""{"amount":0.01,"operation":"{{Population.Operation}}","metadata":{{Metadata}}}""");

    public static Task<Measurement> Measure(Bench bench, Uri server, CancellationToken ct)
    {
        var deduct = new Uri(server, "/api/billing/deduct");
        return bench.Load.Run(_ => Requests.Post(deduct, bench.People.NextToken(), Body), ct);
    }
}
