using Platform.Benchmarks.Baselines;

namespace Platform.Benchmarks.Rows;

internal static class DeductDirect
{
    public static Row Of(Bench bench)
    {
        var pgbench = new PgBench(bench.Platform, bench.People.Count, bench.Settings);
        return new Row(
            "credit deduction direct to billing, with a token", "`pgbench`, the same statement, its best of 8 and 32 clients", Compared.Rate, Reach: 1.2,
            ct => Deduction.Measure(bench, bench.Platform.AddressOf("billing"), ct),
            pgbench.DeductBest);
    }
}
