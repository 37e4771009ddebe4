using System.Globalization;
using System.Net;
using System.Text;
using Platform.Benchmarks.Rows;

namespace Platform.Benchmarks.Report;

/// <summary>A bar for each row: how close it came to its target, which is a common line.</summary>
internal static class Chart
{
    private const int Labels = 420;
    private const int Line = 34;
    private const int Top = 40;

    /// <summary>Width of a bar that just reaches the target.</summary>
    private const int Unit = 240;

    /// <summary>Longer bars are cut off; the number shows their length.</summary>
    private const double Longest = 2;

    public static string Draw(IReadOnlyList<RowResult> rows)
    {
        var (width, height) = (Labels + (int)(Longest * Unit) + 80, Top + (rows.Count * Line) + 20);
        var svg = new StringBuilder();
        svg.AppendLine(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="13">""");
        svg.AppendLine("""<rect width="100%" height="100%" fill="white"/>""");
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, part, y) = (rows[i].Row, rows[i].OfReach, Top + (i * Line));
            var bar = (int)(Math.Min(part, Longest) * Unit);
            var sign = row.Compared == Compared.Rate ? '≥' : '≤';
            var end = Labels + bar + 6;
            svg.AppendLine(
                CultureInfo.InvariantCulture,
                $"""<text x="{Labels - 10}" y="{y + 16}" text-anchor="end">{WebUtility.HtmlEncode(Short(row.What))}</text>""");
            svg.AppendLine(
                CultureInfo.InvariantCulture,
                $"""<rect x="{Labels}" y="{y}" width="{bar}" height="22" fill="{(part >= 1 ? "#3a7d44" : "#c06c2b")}"/>""");
            svg.AppendLine(
                CultureInfo.InvariantCulture,
                $"""<text x="{end}" y="{y + 16}">{rows[i].Median.Ratio:0.00} × ({sign} {row.Reach:0.0#})</text>""");
        }

        var target = Labels + Unit;
        svg.AppendLine(
            CultureInfo.InvariantCulture,
            $"""<line x1="{target}" x2="{target}" y1="{Top - 10}" y2="{height - 14}" stroke="black" stroke-dasharray="4 3"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{target}" y="{Top - 16}" text-anchor="middle">target</text>""");
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    // Text after a comma or a colon explains; the table has it.
    private static string Short(string what) => what.Split([',', ':'], 2)[0];
}
