namespace Platform.Loyalty.Tests.Storage;

/// <summary>Needs its own database, since it drops everything in between.</summary>
public sealed class MigrationsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rollback_of_everything_leaves_nothing_and_the_next_migrate_creates_the_same_catalog()
    {
        // The service would log errors about its missing tables.
        await app.First.DisposeAsync();
        var before = await Catalog();
        before.Count.ShouldBeGreaterThan(100);

        var back = await app.Run("migrate", "rollback", "0");
        back.ExitCode.ShouldBe(0, back.Output);
        (await Catalog()).ShouldBeEmpty();

        var again = await app.Run("migrate");
        again.ExitCode.ShouldBe(0, again.Output);
        var after = await Catalog();
        after.Except(before).ShouldBeEmpty();
        before.Except(after).ShouldBeEmpty();
    }

    private Task<IReadOnlyList<string>> Catalog() => app.Database.Column<string>(
        """
        select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as thing
        from information_schema.columns where table_schema = 'loyalty' and table_name not like '\_\_%'
        union all
        select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
        where connamespace = 'loyalty'::regnamespace and conrelid::regclass::text not like 'loyalty.\_\_%'
        union all
        select indexdef from pg_indexes where schemaname = 'loyalty' and tablename not like '\_\_%'
        union all
        select format('%s %s', oid::regclass, relacl) from pg_class
        where relnamespace = 'loyalty'::regnamespace and relkind in ('r', 'p') and relname not like '\_\_%'
        union all
        select format('%s %s', enumtypid::regtype, enumlabel) from pg_enum join pg_type on pg_type.oid = enumtypid
        where typnamespace = 'loyalty'::regnamespace
        union all
        select pg_get_functiondef(oid) from pg_proc where pronamespace = 'loyalty'::regnamespace
        order by thing
        """,
        Ct);
}
