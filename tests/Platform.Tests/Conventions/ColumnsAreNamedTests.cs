using System.Text.RegularExpressions;

namespace Platform.Tests.Conventions;

/// <summary>
/// A <c>select *</c> that a pooled connection has prepared fails once after a migration has added a column, while the service goes on.
/// The row that a function returns is as its declaration says, whatever is added to tables.
/// </summary>
public sealed partial class ColumnsAreNamedTests
{
    /// <summary>Parts of <c>migrate</c>, which prepares nothing.</summary>
    private static readonly string[] OfMigrate = ["src/Database/MonthlyPartitions.cs", "src/Database/DependentViews.cs"];

    [Fact]
    public void Sql_names_its_columns()
    {
        var files = Sources.In("src", "ServiceDefaults").Concat(Sources.SqlIn("src"))
            // What is in a function, the server plans again by itself.
            .Where(file => !file.Path.Contains("/Storage/Migrations/", StringComparison.Ordinal) && !OfMigrate.Contains(file.Path)).ToList();
        files.Count.ShouldBeGreaterThan(300, "Found too few: this test would prove nothing.");

        files.SelectMany(Violations).ShouldBeEmpty("Name the columns; of an entity, ServiceDb.Rows and ServiceDb.Returning do it.");
    }

    [Theory]
    [InlineData("select * from orders")]
    [InlineData("select  distinct * from orders")]
    [InlineData("insert into orders default values returning *")]
    [InlineData("select o.* from orders o")]
    [InlineData("select o.id, c.* from orders o")]
    public void The_rule_sees_a_star(string sql) => Violations(new SourceFile("Order.cs", sql)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("select count(*) from orders")]
    [InlineData("select price * 2 from orders")]
    [InlineData("select * from place_order(@code)")]
    [InlineData("/// A <c>select *</c> fails once.")]
    public void The_rule_leaves_the_rest_alone(string sql) => Violations(new SourceFile("Order.cs", sql)).ShouldBeEmpty();

    private static IEnumerable<string> Violations(SourceFile file) =>
        from line in file.Lines
        where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal) && Star().IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"\b(select|returning)\s+(distinct\s+)?([\w."",\s]*,\s*)?(\w+\.)?\*(?!\s*\w)|\b(select|returning)\s+(distinct\s+)?([\w."",\s]*,\s*)?(\w+\.)?\*\s+(from\s+(?!\w+\s*\()|into\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Star();
}
