using System.Globalization;

namespace Platform.Benchmarks.Load;

/// <summary>The result of one measurement. Times are in milliseconds.</summary>
/// <param name="PerSecond">Null if only sequential times were measured.</param>
/// <param name="Errors">All failed requests, including the warm-up. A measurement with errors is worthless.</param>
/// <param name="FirstError">The first error.</param>
internal sealed record Measurement(double? PerSecond, double? P50, double? P99, long Errors = 0, string? FirstError = null)
{
    public static Measurement OfTimes(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.ToArray();
        Array.Sort(sorted);
        return new Measurement(null, Percentile(sorted, 0.50), Percentile(sorted, 0.99));
    }

    public static double? Percentile(double[] sorted, double part) => sorted.Length == 0 ? null : sorted[(int)Math.Ceiling(part * sorted.Length) - 1];

    public override string ToString() => string.Join(", ", new[]
    {
        PerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate:0}/s") : null,
        P50 is { } p50 ? string.Create(CultureInfo.InvariantCulture, $"p50 {p50:0.0##} ms") : null,
        P99 is { } p99 ? string.Create(CultureInfo.InvariantCulture, $"p99 {p99:0.0##} ms") : null,
        Errors > 0 ? $"{Errors} errors, first: {FirstError}" : null,
    }.OfType<string>());
}
