using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Database;

/// <summary>An index that is built while the table is written to.</summary>
/// <param name="Definition">What follows the name: <c>on orders (placed_at)</c>.</param>
public sealed record ConcurrentIndex(string Name, string Definition, bool Unique = false);

/// <summary>
/// Builds indexes <c>concurrently</c>, which Postgres refuses inside a transaction: each commits by itself. A run that broke
/// off leaves an invalid index behind; the next run drops it and goes on with what is missing.
/// </summary>
public abstract class ConcurrentIndexMigration : SqlMigration
{
    protected abstract IReadOnlyList<ConcurrentIndex> Indexes { get; }

    /// <summary>Nothing: the indexes are built before the transaction that records the migration.</summary>
    protected sealed override string UpSql => "";

    /// <summary>Drops them.</summary>
    protected sealed override string DownSql => string.Join('\n', Indexes.Select(index => $"drop index if exists {index.Name};"));

    /// <summary>Each index stands and is valid.</summary>
    protected sealed override string VerifySql => $"""
        select count(*) = {Indexes.Count} from pg_index
        where indisvalid and indexrelid = any (array[{string.Join(", ", Indexes.Select(index => $"to_regclass('{index.Name}')"))}]::oid[])
        """;

    private protected sealed override void WriteOutsideTransaction(MigrationBuilder migrationBuilder)
    {
        foreach (var index in Indexes)
        {
            migrationBuilder.Sql($"""
                do $drop$
                begin
                    if exists (select from pg_index where indexrelid = to_regclass('{index.Name}') and not indisvalid) then
                        set local lock_timeout = '500ms';
                        drop index {index.Name};
                    end if;
                end $drop$
                """, suppressTransaction: true);
            migrationBuilder.Sql(
                $"create {(index.Unique ? "unique " : "")}index concurrently if not exists {index.Name} {index.Definition}", suppressTransaction: true);
        }
    }
}
