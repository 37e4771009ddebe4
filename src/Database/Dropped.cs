using System.Text.RegularExpressions;

namespace Platform.Database;

/// <summary>What a rollback drops or overwrites, and whether it holds facts: data that cannot be recovered, which forbids the rollback.</summary>
public sealed partial record Dropped
{
    private Dropped(string table, string? column, string? condition, string? because) =>
        (Table, Column, Condition, Because) = (table, column, condition, because);

    public string Table { get; }

    /// <summary>Null for the whole table.</summary>
    public string? Column { get; }

    /// <summary>Selects the rows that hold facts; null when none do.</summary>
    internal string? Condition { get; }

    /// <summary>Why it holds no facts.</summary>
    public string? Because { get; }

    internal bool HoldsFacts => Condition is not null;

    internal string Name => Column is null ? Table : $"{Table}.{Column}";

    internal string CountSql => $"select count(*) from {Table} where {Condition ?? "false"}";

    internal string AnySql => $"select exists (select from {Table} where {Condition ?? "false"})";

    /// <param name="where">Selects the rows that hold facts; by default all rows, or all in which the column is not null.</param>
    public static Dropped Fact(string table, string? column = null, string? where = null) =>
        new(table, column, where ?? (column is null ? "true" : $"{column} is not null"), because: null);

    /// <summary>A table that can be dropped whatever it contains.</summary>
    /// <param name="because">How it is restored, or why it is not needed.</param>
    public static Dropped Derived(string table, string because) => new(table, column: null, condition: null, because);

    /// <inheritdoc cref="Derived(string, string)"/>
    public static Dropped Derived(string table, string column, string because) => new(table, column, condition: null, because);

    internal bool Covers(Dropped other) => Table == other.Table && (Column is null || other.Column is null || Column == other.Column);

    /// <summary>The tables and columns that SQL drops or overwrites, all as facts. Omits the migrations' own tables (<c>__name</c>).</summary>
    internal static IReadOnlyList<Dropped> In(string sql)
    {
        var found = new List<Dropped>();
        // The statements in a function's body do not run now.
        var script = Quoted().Replace(Comment().Replace(sql, ""), quoted => quoted.Groups["do"].Success ? quoted.Value : "''");
        foreach (var statement in script.Split(';'))
        {
            foreach (Match drop in DropTable().Matches(statement))
            {
                found.AddRange(drop.Groups["tables"].Value.Split(',').Select(table => Fact(table.Trim())));
            }

            foreach (Match change in ChangeRows().Matches(statement))
            {
                found.Add(Fact(change.Groups["table"].Value));
            }

            if (AlterTable().Match(statement) is { Success: true } alter)
            {
                var table = alter.Groups["table"].Value;
                found.AddRange(DropColumn().Matches(statement).Concat(ChangeType().Matches(statement))
                    .Select(column => Fact(table, column.Groups["column"].Value)));
            }
        }

        return [.. found.Where(drop => !drop.Table.StartsWith("__", StringComparison.Ordinal)).Distinct()];
    }

    public override string ToString() => Name;

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<do>\bdo\s+)?\$(?<tag>\w*)\$.*?\$\k<tag>\$", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\bdrop\s+(materialized\s+view|table)\s+(if\s+exists\s+)?(?<tables>[\w.]+(\s*,\s*[\w.]+)*)", RegexOptions.IgnoreCase)]
    private static partial Regex DropTable();

    [GeneratedRegex(@"\b(delete\s+from|truncate(\s+table)?|update)\s+(only\s+)?(?!(set|of|on|only|skip|nowait)\b)(?<table>[\w.]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ChangeRows();

    [GeneratedRegex(@"\balter\s+table\s+(if\s+exists\s+)?(only\s+)?(?<table>[\w.]+)", RegexOptions.IgnoreCase)]
    private static partial Regex AlterTable();

    [GeneratedRegex(@"\bdrop\s+(column\s+)?(if\s+exists\s+)?(?!(constraint|column|if|not|default|expression|identity)\b)""?(?<column>\w+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex DropColumn();

    [GeneratedRegex(@"\balter\s+(column\s+)?""?(?<column>\w+)""?\s+(set\s+data\s+)?type\b", RegexOptions.IgnoreCase)]
    private static partial Regex ChangeType();
}
