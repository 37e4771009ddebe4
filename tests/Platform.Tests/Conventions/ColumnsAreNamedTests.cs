using System.Text.RegularExpressions;

namespace Platform.Tests.Conventions;

/// <summary>
/// A <c>select *</c> that a pooled connection has prepared fails once after a migration has added a column. The row type of a
/// function is fixed by its declaration.
/// </summary>
public sealed partial class ColumnsAreNamedTests
{
    /// <summary>Only used by <c>migrate</c>, which prepares no statements.</summary>
    private static readonly string[] OfMigrate = ["src/Database/MonthlyPartitions.cs", "src/Database/DependentViews.cs"];

    [Fact]
    public void SQL_names_its_columns()
    {
        var files = Sources.In("src", "ServiceDefaults").Concat(Sources.SqlIn("src"))
            // The server replans statements inside functions by itself.
            .Where(file => !file.Path.Contains("/Storage/Migrations/", StringComparison.Ordinal) && !OfMigrate.Contains(file.Path)).ToList();
        files.Count.ShouldBeGreaterThan(300, "Found too few: this test would prove nothing.");

        files.SelectMany(Violations).ShouldBeEmpty("Name the columns; for an entity use ServiceDb.Rows and ServiceDb.Returning.");
    }

    [Theory]
    [InlineData("select * from orders")]
    [InlineData("select  distinct * from orders")]
    [InlineData("insert into orders default values returning *")]
    [InlineData("select o.* from orders o")]
    [InlineData("select o.id, c.* from orders o")]
    public void The_rule_sees_select_star(string sql) => Violations(new SourceFile("Order.cs", sql)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("select count(*) from orders")]
    [InlineData("select price * 2 from orders")]
    [InlineData("select * from place_order(@code)")]
    [InlineData("/// A <c>select *</c> fails once.")]
    public void The_rule_allows_counts_products_and_functions(string sql) => Violations(new SourceFile("Order.cs", sql)).ShouldBeEmpty();

    private static IEnumerable<string> Violations(SourceFile file) =>
        from line in file.Lines
        where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal) && Star().IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"\b(select|returning)\s+(distinct\s+)?([\w."",\s]*,\s*)?(\w+\.)?\*(?!\s*\w)|\b(select|returning)\s+(distinct\s+)?([\w."",\s]*,\s*)?(\w+\.)?\*\s+(from\s+(?!\w+\s*\()|into\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Star();
}
