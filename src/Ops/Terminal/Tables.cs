using Spectre.Console;

namespace Platform.Ops.Terminal;

internal static class Tables
{
    /// <summary>A row of texts as they are: what services and databases say may have brackets, which are markup elsewhere.</summary>
    public static void AddTexts(this Table table, params IEnumerable<string> texts) => table.AddRow(texts.Select(text => new Text(text)));
}
