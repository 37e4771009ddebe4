namespace Platform.Users.Tests.Storage;

/// <summary>On a separate database, because the schema is removed in between.</summary>
public sealed class MigrationsTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrations_rolled_back_and_applied_again_give_the_same_schema()
    {
        // The service would log errors without its tables.
        await app.First.DisposeAsync();
        var before = await Catalog();

        (await Users("migrate", "rollback", "0")).ShouldBe(0);
        var without = await Catalog();
        (await Users("migrate")).ShouldBe(0);

        before.Count.ShouldBeGreaterThan(100);
        without.ShouldBeEmpty();
        (await Catalog()).ShouldBe(before);
    }

    private Task<int> Users(params string[] words) => app.Run(words);

    private Task<IReadOnlyList<string>> Catalog() => app.Database.Column<string>(
        """
        select format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, is_nullable) as thing
        from information_schema.columns where table_schema in ('users', 'platform') and table_name not in ('__migrations', '__backfills')
        union all
        select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
        where connamespace in ('users'::regnamespace, 'platform'::regnamespace) and conrelid::regclass::text not in ('users.__migrations', 'users.__backfills')
        union all
        select indexdef from pg_indexes where schemaname in ('users', 'platform') and tablename not in ('__migrations', '__backfills')
        union all
        select format('%s %s', oid::regclass, relacl) from pg_class
        where relnamespace in ('users'::regnamespace, 'platform'::regnamespace) and relkind = 'r' and relname not in ('__migrations', '__backfills')
        union all
        select format('%s %s', oid::regclass, pg_get_viewdef(oid)) from pg_class where relnamespace = 'users'::regnamespace and relkind = 'v'
        union all
        select pg_get_functiondef(oid) from pg_proc where pronamespace in ('users'::regnamespace, 'platform'::regnamespace)
        order by thing
        """,
        Ct);
}
