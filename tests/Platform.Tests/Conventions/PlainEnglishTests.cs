using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Tests.Conventions;

/// <summary>Test names that make sense in a list of failures, and texts without words that no one would say.</summary>
public sealed partial class PlainEnglishTests
{
    private const int LongestTestName = 110;

    /// <summary>This file, which has to list the words.</summary>
    private const string Self = "Conventions/PlainEnglishTests.cs";

    /// <summary>A name that begins with one of these needs the name of the test above it.</summary>
    private static readonly HashSet<string> FirstWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "What", "Who", "Whoever", "Whom", "Whose", "Of", "So", "Nor", "It", "Its", "Another", "Also", "Neither", "Either", "Both", "Such",
        "That", "This", "They", "These", "Those", "Them", "He", "She", "Somebody", "Someone", "Everybody", "Nobody", "Anybody", "Twice",
        "And", "But", "Or", "Again", "Anew", "Then", "There", "Here",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Test_names_make_sense_on_their_own()
    {
        var tests = Sources.AllCode.Where(file => file.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => TestNames(file).Select(name => (file.Path, Name: name))).ToList();
        tests.Count.ShouldBeGreaterThan(1000, "Found too few tests: this test would prove nothing.");

        tests.Where(test => IsBad(test.Name)).Select(test => $"{test.Path}: {test.Name}").ShouldBeEmpty();
    }

    [Fact]
    public void Comments_and_texts_in_code_use_plain_words()
    {
        Sources.AllCode.Count.ShouldBeGreaterThan(600, "Found too few files: this test would prove nothing.");

        Sources.AllCode.Where(file => !file.Path.EndsWith(Self, StringComparison.Ordinal)).SelectMany(WordsInCode).ShouldBeEmpty();
    }

    [Fact]
    public void Pages_use_plain_words()
    {
        Sources.AllPages.Count.ShouldBeGreaterThan(20, "Found too few pages: this test would prove nothing.");

        Sources.AllPages.SelectMany(WordsInPage).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("What_cannot_be_read_is_refused")]
    [InlineData("Twice_is_refused")]
    [InlineData("It_works")]
    [InlineData("so")]
    [InlineData("A_name_that_is_so_long_that_a_list_of_failures_breaks_it_over_two_lines_and_that_nobody_reads_to_its_very_end_at_all")]
    public void The_rule_sees_a_bad_test_name(string name) => IsBad(name).ShouldBeTrue();

    [Theory]
    [InlineData("A_second_enrolment_in_the_same_course_is_refused")]
    [InlineData("Offline_orders_are_sent_later")]
    [InlineData("Heads_of_requests_are_limited")]
    [InlineData("Sorting_is_stable")]
    public void The_rule_allows_a_test_name_that_names_its_subject(string name) => IsBad(name).ShouldBeFalse();

    [Fact]
    public void The_rule_finds_the_tests_among_other_methods() =>
        TestNames(new SourceFile("tests/A.cs", """
            class A
            {
                [Fact] public void It_is_a_test() { }
                [Theory, InlineData(1)] public async Task So_is_this(int number) { }
                private void Helper() { [Conditional("X")] void What() { } }
                public void Of_no_interest() { }
            }
            """)).ShouldBe(["It_is_a_test", "So_is_this"]);

    [Theory]
    [InlineData("// Somebody else waits.")]
    [InlineData("/* whoever it is */")]
    [InlineData("/// <summary>Makes it anew.</summary>\nclass A;")]
    [InlineData("var text = \"He is told.\";")]
    [InlineData("var text = $\"{name} and his card\";")]
    [InlineData("var text = \"\"\"\n    the end thereof\n    \"\"\";")]
    [InlineData("var text = @\"to himself\";")]
    public void The_rule_sees_a_word_in_code(string code) => WordsInCode(new SourceFile("src/A.cs", code)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("var his = he.Him(whoever);")]
    [InlineData("// The history of the other one, here.")]
    [InlineData("var text = \"theirs\";")]
    public void The_rule_allows_names_and_longer_words(string code) => WordsInCode(new SourceFile("src/A.cs", code)).ShouldBeEmpty();

    [Theory]
    [InlineData("A guest shows his code.")]
    [InlineData("| who | whoever asks |")]
    [InlineData("# What is made anew")]
    public void The_rule_sees_a_word_in_a_page(string page) => WordsInPage(new SourceFile("docs/a.md", page)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("> He said so.")]
    [InlineData("They call it \"what he wanted\".")]
    [InlineData("```\nsomebody@host $ ls\n```")]
    [InlineData("The column `his` is gone.")]
    public void The_rule_allows_quotes_and_code_in_a_page(string page) => WordsInPage(new SourceFile("docs/a.md", page)).ShouldBeEmpty();

    private static bool IsBad(string name) => name.Length > LongestTestName || FirstWords.Contains(name.Split('_')[0]);

    private static IEnumerable<string> TestNames(SourceFile file) =>
        from method in Parse(file).GetRoot(Ct).DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory")
        select method.Identifier.Text;

    private static IEnumerable<string> WordsInCode(SourceFile file)
    {
        if (!Words().IsMatch(file.Text))
        {
            return [];
        }

        var root = Parse(file).GetRoot(Ct);
        var comments = root.DescendantTrivia().Where(IsComment).Select(comment => (comment.FullSpan.Start, Text: comment.ToFullString()));
        var texts = root.DescendantTokens().Where(IsText).Select(text => (Start: text.SpanStart, text.Text));
        var lines = root.GetText().Lines;
        return
        [
            .. from part in comments.Concat(texts)
               from Match word in Words().Matches(part.Text)
               let line = lines.GetLineFromPosition(part.Start + word.Index)
               select $"{file.Path}:{line.LineNumber + 1}: {line.ToString().Trim()}",
        ];
    }

    private static IEnumerable<string> WordsInPage(SourceFile page) =>
        from line in page.Prose
        where !line.Text.StartsWith('>') && Words().IsMatch(Quoted().Replace(line.Text, ""))
        select $"{page.Path}:{line.Number}: {line.Text}";

    private static SyntaxTree Parse(SourceFile file) => CSharpSyntaxTree.ParseText(file.Text, cancellationToken: Ct);

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static bool IsText(SyntaxToken token) => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
        or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
        or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken;

    [GeneratedRegex(@"\b(he|him|his|himself|anew|whoever|somebody|thereof)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex("`[^`]*`|\"[^\"]*\"|“[^”]*”")]
    private static partial Regex Quoted();
}
