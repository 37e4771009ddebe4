using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Tests.Conventions;

/// <summary>Code fits on a screen, and pages can be read and compared line by line.</summary>
public sealed class LineLengthTests
{
    private const int LongestCode = 160;
    private const int LongestProse = 120;

    /// <summary>A text this long is usually a pattern or JSON, which cannot be broken.</summary>
    private const int LongText = 100;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Code_has_no_line_over_160_characters()
    {
        Sources.AllCode.Count.ShouldBeGreaterThan(600, "Found too few files: this test would prove nothing.");

        Sources.AllCode.SelectMany(LongCode).ShouldBeEmpty();
    }

    [Fact]
    public void Pages_have_no_line_over_120_characters()
    {
        Sources.AllPages.Count.ShouldBeGreaterThan(20, "Found too few pages: this test would prove nothing.");

        Sources.AllPages.SelectMany(LongProse).ShouldBeEmpty();
    }

    [Fact]
    public void The_rule_sees_long_lines_of_code_and_prose()
    {
        LongCode(Code($"Call({string.Join(", ", Enumerable.Repeat("argument", 20))});")).ShouldHaveSingleItem();
        LongCode(Code($"// {Sentence(161)}")).ShouldHaveSingleItem();
        LongProse(Page(Sentence(121))).ShouldHaveSingleItem();
    }

    [Fact]
    public void The_rule_allows_lines_at_the_limit_and_texts_that_cannot_be_broken()
    {
        LongCode(Code(Sentence(160))).ShouldBeEmpty();
        LongCode(Code($"var pattern = \"{new string('x', 150)}\";")).ShouldBeEmpty();
        LongCode(Code($"var json = \"\"\"\n    {Sentence(170)}\n    \"\"\";")).ShouldBeEmpty();
        LongProse(Page(Sentence(120))).ShouldBeEmpty();
        LongProse(Page($"| {Sentence(150)} |")).ShouldBeEmpty();
        LongProse(Page($"```\n{Sentence(150)}\n```")).ShouldBeEmpty();
        LongProse(Page($"<https://example.com/{new string('x', 120)}>")).ShouldBeEmpty();
    }

    private static IEnumerable<string> LongCode(SourceFile file)
    {
        var lines = file.Lines.Where(line => line.Text.TrimEnd('\r').Length > LongestCode).ToList();
        if (lines.Count == 0)
        {
            return [];
        }

        var unbreakable = LinesOfLongTexts(file);
        return [.. lines.Where(line => !unbreakable.Contains(line.Number)).Select(line => $"{file.Path}:{line.Number}: {line.Text.Trim()}")];
    }

    private static HashSet<int> LinesOfLongTexts(SourceFile file)
    {
        var root = CSharpSyntaxTree.ParseText(file.Text, cancellationToken: Ct).GetRoot(Ct);
        return
        [
            .. from token in root.DescendantTokens()
               where token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
                   or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
               let span = token.GetLocation().GetLineSpan()
               let first = span.StartLinePosition.Line
               let last = span.EndLinePosition.Line
               where last > first || token.Span.Length > LongText
               from line in Enumerable.Range(first + 1, last - first + 1)
               select line,
            .. from text in root.DescendantNodes().OfType<InterpolatedStringExpressionSyntax>()
               where text.Span.Length > LongText
               let span = text.GetLocation().GetLineSpan()
               let first = span.StartLinePosition.Line
               from line in Enumerable.Range(first + 1, span.EndLinePosition.Line - first + 1)
               select line,
        ];
    }

    // A line without a space before the limit, such as a link, cannot be broken.
    private static IEnumerable<string> LongProse(SourceFile page) =>
        from line in page.Prose
        where line.Text.Length > LongestProse && !line.Text.StartsWith('|') && line.Text[..LongestProse].Contains(' ')
        select $"{page.Path}:{line.Number}: {line.Text.Length} characters";

    private static SourceFile Code(string text) => new("src/A.cs", text);

    private static SourceFile Page(string text) => new("docs/a.md", text);

    private static string Sentence(int length) => string.Concat(Enumerable.Repeat("word ", length))[..(length - 1)] + ".";
}
