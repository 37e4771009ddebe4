using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Database;

/// <summary>
/// A migration written in SQL, which proves its own result: all of it, and <see cref="VerifySql"/>, commits in one
/// transaction or leaves nothing.
/// </summary>
/// <remarks>
/// Every lock is waited for 500 ms at most: behind a DDL statement that waits, all readers of the table wait too. The one
/// who runs it tries again (<see cref="Migrator"/>). Names without a schema are in the service's own, by the search path
/// of its owner's role. What Postgres refuses inside a transaction is a <see cref="ConcurrentIndexMigration"/>; what
/// touches every row of a large table is a <see cref="BackfillMigration"/>; a change under views is written by
/// <see cref="DependentViews"/>.
/// </remarks>
public abstract class SqlMigration : Migration
{
    private const string LimitLockWait = "set local lock_timeout = '500ms'";

    protected abstract string UpSql { get; }

    /// <summary>Undoes <see cref="UpSql"/>: after it, the catalog is what it was before.</summary>
    protected abstract string DownSql { get; }

    /// <summary>
    /// What <see cref="DownSql"/> drops or overwrites, and what of it holds facts: about money, points, consent, membership, erasure, and
    /// whatever else nobody can tell again. As long as there are any, the migration is not rolled back. What is not named here counts as facts.
    /// </summary>
    protected virtual IReadOnlyList<Dropped> Drops => [];

    /// <summary>A query of one row and one column, which is true when <see cref="UpSql"/> did what it is for.</summary>
    protected abstract string VerifySql { get; }

    /// <inheritdoc/>
    protected sealed override void Up(MigrationBuilder migrationBuilder)
    {
        WriteOutsideTransaction(migrationBuilder);
        migrationBuilder.Sql(LimitLockWait);
        WriteIfAny(migrationBuilder, UpSql);
        migrationBuilder.Sql($"""
            do $verify$
            begin
                if (
            {VerifySql.Trim().TrimEnd(';')}
                ) is not true then
                    raise exception '{GetType().Name}: its verification does not hold' using errcode = 'triggered_action_exception';
                end if;
            end $verify$
            """);
    }

    /// <inheritdoc/>
    protected sealed override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(LimitLockWait);
        foreach (var drop in Facts())
        {
            // Counted before, too; this is for what was written since. The lock is the one that dropping takes.
            migrationBuilder.Sql($"""
                lock table {drop.Table} in access exclusive mode;
                do $facts$
                begin
                    if ({drop.AnySql}) then
                        raise exception '{GetType().Name}: rolling it back would lose what is in {drop.Name}' using errcode = 'triggered_action_exception';
                    end if;
                end $facts$
                """);
        }

        WriteIfAny(migrationBuilder, DownSql);
    }

    /// <summary>What must be empty before this is rolled back.</summary>
    internal IReadOnlyList<Dropped> Facts() => [.. Drops.Where(drop => drop.HoldsFacts), .. Undeclared()];

    /// <summary>What <see cref="DownSql"/> drops or overwrites although <see cref="Drops"/> does not say whether it holds facts.</summary>
    internal IReadOnlyList<Dropped> Undeclared() => [.. Dropped.In(DownSql).Where(found => !Drops.Any(declared => declared.Covers(found)))];

    /// <summary>What <see cref="Drops"/> names although <see cref="DownSql"/> leaves it alone.</summary>
    internal IReadOnlyList<Dropped> LeftAlone() => [.. Drops.Where(declared => !Dropped.In(DownSql).Any(declared.Covers))];

    private protected virtual void WriteOutsideTransaction(MigrationBuilder migrationBuilder)
    {
    }

    private static void WriteIfAny(MigrationBuilder migrationBuilder, string sql)
    {
        if (!string.IsNullOrWhiteSpace(sql))
        {
            migrationBuilder.Sql(sql);
        }
    }
}
