using System.Text.RegularExpressions;

namespace Platform.Tests.Conventions;

/// <summary>
/// A file of a SQL function creates the function that it is named for, and holds no number of the business: those are options that come as
/// parameters, or rows.
/// </summary>
public sealed partial class SqlFunctionFilesTests
{
    /// <summary>Numbers that say nothing about the business: counting, first and last, percent.</summary>
    private static readonly string[] Plain = ["0", "1", "-1", "100"];

    /// <summary>Other numbers and intervals that are no rule of the business, and why.</summary>
    private static readonly (string File, string Text, string Because)[] Allowed =
    [
        ("Credits/deduct_credits.sql", "10", "with 100, the 1000 tokens of the column's name, rounded up to a whole hundredth"),
        ("Gifts/issue_gift.sql", "2", "the trace id is the second part of a traceparent"),
        ("Orders/refund_order.sql", "2", "the trace id is the second part of a traceparent"),
    ];

    private static IReadOnlyList<SourceFile> Files { get; } = Sources.SqlIn("src");

    [Fact]
    public void A_file_creates_the_function_that_it_is_named_for()
    {
        Files.Count.ShouldBeGreaterThanOrEqualTo(8, "Found too few: this test would prove nothing.");

        Files.SelectMany(Misnamed).ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_of_the_business_are_options_or_rows() => Files.SelectMany(Numbers).ShouldBeEmpty(
        "Pass it as a parameter from an option, or keep it in a table.");

    [Fact]
    public void Every_exception_is_needed() => Allowed
        .Where(allowed => !Files.Any(file => file.Path.EndsWith(allowed.File, StringComparison.Ordinal)
            && file.Lines.Any(line => Found(line.Text).Contains(allowed.Text))))
        .ShouldBeEmpty();

    [Theory]
    [InlineData("points_earned := floor(paid / 250);")]
    [InlineData("if balance < -5.00 then")]
    [InlineData("v_pace := p_pace * 2;")]
    [InlineData("where used_at < p_now - interval '1 minute'")]
    [InlineData("where used_at < p_now - '10 minutes'::interval")]
    [InlineData("v_rest interval := make_interval(mins => 10);")]
    public void The_rule_sees_a_number_of_the_business(string line) =>
        Numbers(new SourceFile("src/Loyalty/Orders/do_it.sql", line)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("version = version + 1, delta = -1, debt = 0")]
    [InlineData("share := p_amount * p_percent / 100;")]
    [InlineData("order by rank desc limit 1; -- at most 30 % of it")]
    [InlineData("'order:' || v_id || ' of 2026', $2, v_level2, 'YYYY-MM-DD\"T\"HH24:MI:SS.US'")]
    public void The_rule_leaves_the_rest_alone(string line) => Numbers(new SourceFile("src/Loyalty/Orders/do_it.sql", line)).ShouldBeEmpty();

    [Theory]
    [InlineData("create function do_it() returns int")]
    [InlineData("create or replace function do_that() returns int")]
    [InlineData("create or replace function do_it() returns int; create or replace function do_that() returns int")]
    public void The_rule_sees_another_function(string text) => Misnamed(new SourceFile("src/Loyalty/Orders/do_it.sql", text)).ShouldNotBeEmpty();

    private static IEnumerable<string> Misnamed(SourceFile file)
    {
        var created = Created().Matches(Comment().Replace(file.Text, "")).Select(match => (match.Groups["replace"].Success, match.Groups["name"].Value));
        return created.SequenceEqual([(true, Path.GetFileNameWithoutExtension(file.Path))]) ? [] : [file.Path];
    }

    private static IEnumerable<string> Numbers(SourceFile file) =>
        from line in file.Lines
        where Found(line.Text).Any(found => !IsAllowed(file, found))
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    private static bool IsAllowed(SourceFile file, string found) => Plain.Contains(found)
        || Allowed.Any(allowed => allowed.Text == found && file.Path.EndsWith(allowed.File, StringComparison.Ordinal));

    /// <returns>The intervals and numbers of a line, without those in comments and other strings.</returns>
    private static IEnumerable<string> Found(string line)
    {
        var code = Comment().Replace(line, "");
        return [.. Interval().Matches(code).Select(match => match.Value), .. Number().Matches(Text().Replace(code, "''")).Select(match => match.Value)];
    }

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex("'(?:[^']|'')*'")]
    private static partial Regex Text();

    [GeneratedRegex(@"(?<![\w.$])(?:(?<=[(,=<>:]\s*)-)?\d+(?:\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\binterval\s*'[^']*'|'\s*\d+\s*(second|minute|hour|day|week|month|year)[^']*'", RegexOptions.IgnoreCase)]
    private static partial Regex Interval();

    [GeneratedRegex(@"\bcreate\s+(?<replace>or\s+replace\s+)?function\s+(?<name>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Created();
}
