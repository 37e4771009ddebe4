using System.Text.RegularExpressions;

namespace Platform.ServiceDefaults.Web.Csv;

/// <summary>Makes typed text safe for a spreadsheet ("CSV injection"): a possible formula gets an apostrophe before it, as OWASP advises.</summary>
/// <remarks>
/// A formula may start at the beginning of the text and after every character that a spreadsheet may split cells at. Excel with Russian
/// settings splits at <c>;</c> and then honours only quotes at the start of a cell, so quoting is not enough. Formulas also work after
/// white space, invisible characters and quotes, and with full-width signs.
/// </remarks>
internal static partial class SpreadsheetText
{
    public static string Guard(string text) => BeforeFormula().Replace(text, "'");

    [GeneratedRegex("""\A(?=[\t\r\n])|(?<![^;\t\r\n])(?=[\s\p{Cf}"]*[-=+@\u2212\uFF1D\uFF0B\uFF0D\uFF20])""")]
    private static partial Regex BeforeFormula();
}
