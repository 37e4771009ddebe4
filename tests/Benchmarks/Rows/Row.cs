using System.Globalization;
using Platform.Benchmarks.Load;

namespace Platform.Benchmarks.Rows;

/// <summary>What of two measurements is compared.</summary>
internal enum Compared
{
    /// <summary>Requests a second: the ratio should be at least the reach.</summary>
    Rate,

    /// <summary>The median time: the ratio should be at most the reach.</summary>
    MedianTime,
}

/// <summary>One comparison: something of the platform against something of the same machine at the same time.</summary>
/// <param name="Reach">The ratio that it should reach.</param>
/// <param name="AlsoReach">What else it should reach, in words.</param>
internal sealed record Row(
    string What, string Against, Compared Compared, double Reach,
    Func<CancellationToken, Task<Measurement>> Measure, Func<CancellationToken, Task<Measurement>> MeasureReference, string? AlsoReach = null)
{
    /// <summary>Measures both, the one right after the other.</summary>
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

/// <param name="Name">By which <c>--only</c> knows it.</param>
internal sealed record RowResult(string Name, Row Row, IList<Round> Rounds)
{
    /// <summary>The round with the median ratio: its figures belong together.</summary>
    public Round Median => Rounds.OrderBy(round => round.Ratio).ElementAt((Rounds.Count - 1) / 2);

    /// <summary>1 where the reach is just reached, more where it is surpassed, for both kinds of rows.</summary>
    public double OfReach => Row.Compared == Compared.Rate ? Median.Ratio / Row.Reach : Row.Reach / Median.Ratio;

    public long Errors => Rounds.Sum(round => round.Errors);
}
