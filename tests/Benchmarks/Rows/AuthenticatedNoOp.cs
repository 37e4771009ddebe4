using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

/// <summary>
/// The cost of a call that does nothing: the token is checked at the gateway and at the service, which answers from the
/// token alone.
/// </summary>
internal static class AuthenticatedNoOp
{
    public const string Name = "the authenticated no-op";

    public static Row Of(Bench bench) => new(
        "authenticated no-op through the gateway, token checked there and at the service", "plain YARP, plain backend", Compared.Rate, Reach: 0.75,
        ct => Measure(bench, ct),
        ct => bench.Load.Run(_ => Requests.Get(bench.Plain.ThroughProxy), ct));

    public static Task<Measurement> Measure(Bench bench, CancellationToken ct)
    {
        var me = new Uri(bench.Platform.AddressOf("gateway"), "/api/auth/me");
        return bench.Load.Run(_ => Requests.Get(me, bench.People.NextToken()), ct);
    }
}
