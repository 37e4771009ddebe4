using Microsoft.EntityFrameworkCore;
using Platform.Bots.Storage;

namespace Platform.Bots.Tests.Storage;

/// <summary>Needs a database of its own, since it drops every table.</summary>
public sealed class MigrationsTests(BotsApp app) : IClassFixture<BotsApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rolling_back_each_migration_restores_the_previous_catalog()
    {
        // The running service would log errors about missing tables.
        await app.First.DisposeAsync();
        await using var db = AsOwner();
        await db.Database.MigrateAsync("0", Ct);
        var before = new Stack<(string Migration, IReadOnlyList<string> Catalog)>([("0", await Catalog())]);
        foreach (var migration in db.Database.GetMigrations())
        {
            await db.Database.MigrateAsync(migration, Ct);
            before.Push((migration, await Catalog()));
        }

        before.Count.ShouldBeGreaterThan(2);
        before.Pop();
        while (before.TryPop(out var expected))
        {
            await db.Database.MigrateAsync(expected.Migration, Ct);
            var catalog = await Catalog();
            catalog.Except(expected.Catalog).ShouldBeEmpty();
            expected.Catalog.Except(catalog).ShouldBeEmpty();
        }
    }

    private BotsDb AsOwner() => new(new DbContextOptionsBuilder<BotsDb>()
        .UseNpgsql(app.Database.Owner("bots"), npgsql => npgsql.MigrationsHistoryTable("__migrations", "bots")).Options);

    // Without NOT VALID: a validated check stays validated after a rollback.
    private Task<IReadOnlyList<string>> Catalog() => app.Database.Column<string>(
        """
        select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as thing
        from information_schema.columns where table_schema = 'bots' and table_name <> '__migrations'
        union all
        select format('%s %s %s', conrelid::regclass, conname, replace(pg_get_constraintdef(oid), ' NOT VALID', '')) from pg_constraint
        where connamespace = 'bots'::regnamespace and conrelid::regclass::text <> 'bots.__migrations'
        union all
        select indexdef from pg_indexes where schemaname = 'bots' and tablename <> '__migrations'
        union all
        select format('%s %s', oid::regclass, relacl) from pg_class
        where relnamespace = 'bots'::regnamespace and relkind in ('r', 'p') and relname <> '__migrations'
        order by thing
        """,
        Ct);
}
