using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Database;

/// <summary>A migration in SQL. It runs in one transaction with <see cref="VerifySql"/>, and leaves nothing behind if it fails.</summary>
/// <remarks>
/// Locks are waited for up to 500 ms, since all readers of a table queue behind a waiting DDL statement. <see cref="Migrator"/>
/// then retries. Names without a schema are in the service's schema, by the owner role's search path. Build indexes with a
/// <see cref="ConcurrentIndexMigration"/>, change all rows of a large table with a <see cref="BackfillMigration"/>, and change
/// columns that views depend on with <see cref="DependentViews"/>.
/// </remarks>
public abstract class SqlMigration : Migration
{
    private const string LimitLockWait = "set local lock_timeout = '500ms'";

    protected abstract string UpSql { get; }

    /// <summary>Undoes <see cref="UpSql"/>, so that the catalog is as before.</summary>
    protected abstract string DownSql { get; }

    /// <summary>
    /// What <see cref="DownSql"/> drops or overwrites, and which of it holds facts: data about money, points, consent, membership, erasure
    /// and anything else that cannot be recovered. While there are facts, the migration is not rolled back. Undeclared tables and columns
    /// count as facts.
    /// </summary>
    protected virtual IReadOnlyList<Dropped> Drops => [];

    /// <summary>A query of one boolean: whether <see cref="UpSql"/> had its intended effect.</summary>
    protected abstract string VerifySql { get; }

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

    protected sealed override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(LimitLockWait);
        foreach (var drop in Facts())
        {
            // Facts were counted before the transaction; this catches those written since. Dropping takes the same lock.
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

    /// <summary>What must be empty before a rollback.</summary>
    internal IReadOnlyList<Dropped> Facts() => [.. Drops.Where(drop => drop.HoldsFacts), .. Undeclared()];

    /// <summary>What <see cref="DownSql"/> drops or overwrites without a declaration in <see cref="Drops"/>.</summary>
    internal IReadOnlyList<Dropped> Undeclared() => [.. Dropped.In(DownSql).Where(found => !Drops.Any(declared => declared.Covers(found)))];

    /// <summary>What <see cref="Drops"/> declares although <see cref="DownSql"/> does not touch it.</summary>
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
