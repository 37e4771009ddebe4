using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Benchmarks.Platform;
using Platform.Benchmarks.Rows;

namespace Platform.Benchmarks.Report;

/// <summary>The results of a run, as a table, as JSON with every round, and as a chart.</summary>
internal sealed record BenchReport(Machine Machine, Settings Settings, IReadOnlyList<RowResult> Rows)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public void WriteTo(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "bench.md"), ToMarkdown());
        File.WriteAllText(Path.Combine(folder, "bench.json"), ToJson());
        File.WriteAllText(Path.Combine(folder, "bench.svg"), Chart.Draw(Rows));
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{Machine.At:yyyy-MM-dd HH:mm} UTC, {Machine.Processor}, {Machine.Cores} cores, {Machine.MemoryGiB} GiB, {Machine.System}, {Machine.Framework}.");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{Settings.Clients} clients, {Settings.Users} people, {Settings.Rounds} rounds of {Settings.Measure.TotalSeconds} s each "
            + $"after {Settings.WarmUp.TotalSeconds} s of warm-up.");
        text.AppendLine();
        text.AppendLine("| what | against | reach | ratio | all rounds | measured | reference | errors |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var result in Rows)
        {
            var row = result.Row;
            var rounds = string.Join(", ", result.Rounds.Select(round => round.Ratio.ToString("0.00", CultureInfo.InvariantCulture)));
            var (median, reach) = (result.Median, Reach(row));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.What} | {row.Against} | {reach} | **{median.Ratio:0.00} ×** | {rounds} | {median.Measured} | {median.Reference} | {result.Errors} |");
        }

        return text.ToString();
    }

    private string ToJson() => JsonSerializer.Serialize(
        new
        {
            Machine,
            Settings.Clients,
            Settings.Users,
            Seconds = Settings.Measure.TotalSeconds,
            WarmUpSeconds = Settings.WarmUp.TotalSeconds,
            Rows = Rows.Select(result => new
            {
                result.Name,
                result.Row.What,
                result.Row.Against,
                result.Row.Compared,
                result.Row.Reach,
                result.Row.AlsoReach,
                result.Median.Ratio,
                Rounds = result.Rounds.Select(round => new { round.Ratio, round.Measured, round.Reference }),
            }),
        },
        Json);

    private static string Reach(Row row) => string.Create(
        CultureInfo.InvariantCulture, $"{(row.Compared == Compared.Rate ? '≥' : '≤')} {row.Reach:0.0#} ×{(row.AlsoReach is null ? "" : $"; {row.AlsoReach}")}");
}
