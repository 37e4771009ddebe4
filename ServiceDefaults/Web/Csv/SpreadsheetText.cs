using System.Text.RegularExpressions;

namespace Platform.ServiceDefaults.Web.Csv;

/// <summary>
/// Text that people type, made safe for a spreadsheet ("CSV injection"): what it would take for a formula gets an apostrophe before it, as
/// OWASP advises.
/// </summary>
/// <remarks>
/// A formula may begin wherever a cell does: at the start, and after each sign at which some spreadsheet ends a cell. Excel with Russian
/// settings splits at <c>;</c> and not at the comma, and then heeds only quotes that stand at a cell's start, so quoting alone does not do.
/// White space, invisible characters and quotes before a formula do not make it harmless; the full-width signs are as good to Excel as ours.
/// </remarks>
internal static partial class SpreadsheetText
{
    public static string Guard(string text) => BeforeFormula().Replace(text, "'");

    [GeneratedRegex("""\A(?=[\t\r\n])|(?<![^;\t\r\n])(?=[\s\p{Cf}"]*[-=+@\u2212\uFF1D\uFF0B\uFF0D\uFF20])""")]
    private static partial Regex BeforeFormula();
}
