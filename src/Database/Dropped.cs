using System.Text.RegularExpressions;

namespace Platform.Database;

/// <summary>
/// A table or a column that a migration's way back drops or overwrites, and whether it holds facts: what nobody can tell again once it is
/// gone. With facts in it, the migration is not rolled back.
/// </summary>
public sealed partial record Dropped
{
    private Dropped(string table, string? column, string? condition, string? because) =>
        (Table, Column, Condition, Because) = (table, column, condition, because);

    public string Table { get; }

    /// <summary>Null for the whole table.</summary>
    public string? Column { get; }

    /// <summary>Which rows hold facts; null when none can.</summary>
    internal string? Condition { get; }

    /// <summary>Why there are no facts in it.</summary>
    public string? Because { get; }

    internal bool HoldsFacts => Condition is not null;

    internal string Name => Column is null ? Table : $"{Table}.{Column}";

    internal string CountSql => $"select count(*) from {Table} where {Condition ?? "false"}";

    internal string AnySql => $"select exists (select from {Table} where {Condition ?? "false"})";

    /// <param name="where">Which rows hold facts; by default every row, or every row in which the column has a value.</param>
    public static Dropped Fact(string table, string? column = null, string? where = null) =>
        new(table, column, where ?? (column is null ? "true" : $"{column} is not null"), because: null);

    /// <summary>Of a whole table, which can be dropped whatever is in it.</summary>
    /// <param name="because">Where it comes from again, or why nobody misses it.</param>
    public static Dropped Derived(string table, string because) => new(table, column: null, condition: null, because);

    /// <inheritdoc cref="Derived(string, string)"/>
    public static Dropped Derived(string table, string column, string because) => new(table, column, condition: null, because);

    /// <summary>Whether what this says is about what <paramref name="other"/> names.</summary>
    internal bool Covers(Dropped other) => Table == other.Table && (Column is null || other.Column is null || Column == other.Column);

    /// <summary>What a script of SQL drops or overwrites, each as if it held facts. A table that the migrations keep for themselves (<c>__name</c>) is none.</summary>
    internal static IReadOnlyList<Dropped> In(string sql)
    {
        var found = new List<Dropped>();
        // A function that is restored has changes of rows in its body, which do not happen now.
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
                found.AddRange(DropColumn().Matches(statement).Concat(ChangeType().Matches(statement)).Select(column => Fact(table, column.Groups["column"].Value)));
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

    [GeneratedRegex(@"\bdrop\s+(column\s+)?(if\s+exists\s+)?(?!(constraint|column|if|not|default|expression|identity)\b)""?(?<column>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex DropColumn();

    [GeneratedRegex(@"\balter\s+(column\s+)?""?(?<column>\w+)""?\s+(set\s+data\s+)?type\b", RegexOptions.IgnoreCase)]
    private static partial Regex ChangeType();
}
