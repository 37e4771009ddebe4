using Microsoft.EntityFrameworkCore;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Tests.Storage;

/// <summary>Needs its own database, since it drops everything in between.</summary>
public sealed class MigrationsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rolling_back_each_migration_restores_the_previous_catalog()
    {
        // Stop the service, which would log errors about missing tables.
        await app.First.DisposeAsync();
        await using var db = AsOwner();
        await db.Database.MigrateAsync("0", Ct);
        var before = new Stack<(string Migration, IReadOnlyList<string> Catalog)>([("0", await Catalog())]);
        foreach (var migration in db.Database.GetMigrations())
        {
            await db.Database.MigrateAsync(migration, Ct);
            before.Push((migration, await Catalog()));
        }

        before.Count.ShouldBeGreaterThan(7);
        before.Pop();
        while (before.TryPop(out var expected))
        {
            await db.Database.MigrateAsync(expected.Migration, Ct);
            var catalog = await Catalog();
            catalog.Except(expected.Catalog).ShouldBeEmpty();
            expected.Catalog.Except(catalog).ShouldBeEmpty();
        }
    }

    private LoyaltyDb AsOwner() => new(new DbContextOptionsBuilder<LoyaltyDb>()
        .UseNpgsql(app.Database.Owner("loyalty"), npgsql => npgsql.MigrationsHistoryTable("__migrations", "loyalty")).Options);

    // NOT VALID is left out: rolling back does not make a validated check invalid again.
    private Task<IReadOnlyList<string>> Catalog() => app.Database.Column<string>(
        """
        select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as thing
        from information_schema.columns where table_schema = 'loyalty' and table_name <> '__migrations'
        union all
        select format('%s %s %s', conrelid::regclass, conname, replace(pg_get_constraintdef(oid), ' NOT VALID', '')) from pg_constraint
        where connamespace = 'loyalty'::regnamespace and conrelid::regclass::text <> 'loyalty.__migrations'
        union all
        select indexdef from pg_indexes where schemaname = 'loyalty' and tablename <> '__migrations'
        union all
        select format('%s %s', oid::regclass, relacl) from pg_class
        where relnamespace = 'loyalty'::regnamespace and relkind in ('r', 'p') and relname <> '__migrations'
        union all
        select pg_get_functiondef(oid) from pg_proc where pronamespace = 'loyalty'::regnamespace
        order by thing
        """,
        Ct);
}
