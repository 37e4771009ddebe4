using System.Text.RegularExpressions;

namespace Platform.Tests.Boundaries;

/// <summary>The database roles forbid it too (<see cref="Database.RolesTests"/>); this test names the file, before anything runs.</summary>
public sealed partial class SchemasInSqlTests
{
    [Fact]
    public void No_service_uses_the_schema_of_another_in_its_SQL()
    {
        Sources.Schemas.Count.ShouldBeGreaterThanOrEqualTo(3);
        var read = Sources.Schemas.SelectMany(FilesOf).ToList();
        read.Sum(file => AnyTable().Count(file.Text)).ShouldBeGreaterThanOrEqualTo(20, "Found too little SQL: this test would prove nothing.");

        Sources.Services.SelectMany(service => FilesOf(service).SelectMany(file => Violations(service, file))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("select * from users.users")]
    [InlineData("insert into  notifications.contacts values (1)")]
    [InlineData("select 1 from accounts a join \"users\".\"staff\" s on true")]
    [InlineData("references users.users (id)")]
    [InlineData("select 1 from accounts, users.users")]
    [InlineData("call users.forget(1)")]
    [InlineData("select u.id\nfrom\n    users.users u")]
    public void The_rule_sees_the_table_of_another_service(string sql) => Violations("Loyalty", new SourceFile("Order.cs", sql)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("select * from loyalty.accounts")]
    [InlineData("select xml from platform.keys")]
    [InlineData("/// <summary>Comes from users. One of these.</summary>")]
    [InlineData("app.MapGroup(\"/api/users\"); builder.AddSource(\"users.registered\");")]
    public void The_rule_allows_the_services_own_tables_and_other_text(string text) => Violations("Loyalty", new SourceFile("Order.cs", text)).ShouldBeEmpty();

    private static IEnumerable<SourceFile> FilesOf(string service)
    {
        var folder = $"src/{char.ToUpperInvariant(service[0])}{service[1..]}";
        return Sources.In(folder).Concat(Sources.SqlIn(folder));
    }

    private static IEnumerable<string> Violations(string service, SourceFile file) =>
        from Match match in TableOfSchema().Matches(Comment().Replace(file.Text, ""))
        let schema = match.Groups["schema"].Value.ToLowerInvariant()
        where Sources.Schemas.Contains(schema) && !schema.Equals(service, StringComparison.OrdinalIgnoreCase)
        select $"{file.Path}: {match.Value.Trim()}";

    [GeneratedRegex("^ *(//|--).*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("""(\b(from|join|into|update|table|references|truncate|only|on|view|function|call|perform|using|lateral|exists)|,)\s+"?(?<schema>[a-z_]+)"?\s*\.\s*"?[a-z_]""", RegexOptions.IgnoreCase)]
    private static partial Regex TableOfSchema();

    [GeneratedRegex(@"\b(from|into|update|table|references)\s+[a-z_]{3,}")]
    private static partial Regex AnyTable();
}
