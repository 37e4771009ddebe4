using System.Globalization;
using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

/// <summary>Which figure of two measurements is compared.</summary>
internal enum Compared
{
    /// <summary>Requests per second: the ratio should be at least the target.</summary>
    Rate,

    /// <summary>The median time: the ratio should be at most the target.</summary>
    MedianTime,
}

/// <summary>One comparison: the platform against a baseline on the same machine at the same time.</summary>
/// <param name="Reach">The target ratio.</param>
/// <param name="AlsoReach">Further targets, in words.</param>
internal sealed record Row(
    string What, string Against, Compared Compared, double Reach,
    Func<CancellationToken, Task<Measurement>> Measure, Func<CancellationToken, Task<Measurement>> MeasureReference, string? AlsoReach = null)
{
    /// <summary>Measures both, one right after the other.</summary>
    public async Task<Round> Run(CancellationToken ct)
    {
        var reference = await MeasureReference(ct);
        return new Round(await Measure(ct), reference, Compared);
    }
}

internal sealed record Round(Measurement Measured, Measurement Reference, Compared Compared)
{
    public double Ratio => Compared == Compared.Rate ? (Measured.PerSecond / Reference.PerSecond)!.Value : (Measured.P50 / Reference.P50)!.Value;

    public long Errors => Measured.Errors + Reference.Errors;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ratio:0.00} × ({Measured}; against {Reference})");
}

/// <param name="Name">The name for <c>--only</c>.</param>
internal sealed record RowResult(string Name, Row Row, IList<Round> Rounds)
{
    /// <summary>The round with the median ratio; all its figures are used together.</summary>
    public Round Median => Rounds.OrderBy(round => round.Ratio).ElementAt((Rounds.Count - 1) / 2);

    /// <summary>1 if the target is just reached, more if it is exceeded, for both kinds of rows.</summary>
    public double OfReach => Row.Compared == Compared.Rate ? Median.Ratio / Row.Reach : Row.Reach / Median.Ratio;

    public long Errors => Rounds.Sum(round => round.Errors);
}
