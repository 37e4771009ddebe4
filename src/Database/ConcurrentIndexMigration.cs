using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Database;

/// <summary>An index to build without blocking writes.</summary>
/// <param name="Definition">The SQL after the index's name: <c>on orders (placed_at)</c>.</param>
public sealed record ConcurrentIndex(string Name, string Definition, bool Unique = false);

/// <summary>Builds indexes <c>concurrently</c>, so each commits separately. After an interrupted run the next one drops the invalid index.</summary>
public abstract class ConcurrentIndexMigration : SqlMigration
{
    protected abstract IReadOnlyList<ConcurrentIndex> Indexes { get; }

    /// <summary>Empty: the indexes are built before the transaction that records the migration.</summary>
    protected sealed override string UpSql => "";

    protected sealed override string DownSql => string.Join('\n', Indexes.Select(index => $"drop index if exists {index.Name};"));

    /// <summary>All indexes exist and are valid.</summary>
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
