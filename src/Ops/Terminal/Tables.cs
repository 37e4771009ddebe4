using Spectre.Console;

namespace Platform.Ops.Terminal;

internal static class Tables
{
    /// <summary>A row of plain text: brackets in it are not markup.</summary>
    public static void AddTexts(this Table table, params IEnumerable<string> texts) => table.AddRow(texts.Select(text => new Text(text)));
}
