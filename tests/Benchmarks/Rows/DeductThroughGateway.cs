namespace Platform.Benchmarks.Rows;

internal static class DeductThroughGateway
{
    public static Row Of(Bench bench) => new(
        "credit deduction through the gateway", AuthenticatedNoOp.Name, Compared.Rate, Reach: 0.6,
        ct => Deduction.Measure(bench, bench.Platform.AddressOf("gateway"), ct),
        ct => AuthenticatedNoOp.Measure(bench, ct));
}
