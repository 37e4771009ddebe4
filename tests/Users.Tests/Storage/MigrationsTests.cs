using Platform.Testing;

namespace Platform.Users.Tests.Storage;

/// <summary>On a database of its own: nothing is left of it in between.</summary>
public sealed class MigrationsTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Taken_back_and_applied_again_they_make_the_same_catalog()
    {
        // The service would miss its tables loudly meanwhile.
        await app.First.DisposeAsync();
        var before = await Catalog();

        (await Users("migrate", "rollback", "0")).ShouldBe(0);
        var without = await Catalog();
        (await Users("migrate")).ShouldBe(0);

        before.Count.ShouldBeGreaterThan(100);
        without.ShouldAllBe(column => column.StartsWith("users.__migrations.", StringComparison.Ordinal));
        (await Catalog()).ShouldBe(before);
    }

    private async Task<int> Users(params string[] words)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:owner"] = app.Database.Owner("users"),
            ["ConnectionStrings:database"] = app.Database.Service("users"),
            ["ConnectionStrings:rabbitmq"] = app.Broker.Address.ToString(),
        };
        return (await ServiceProcess.Run(Repository.Program("Users"), words, settings, TimeSpan.FromMinutes(1))).ExitCode;
    }

    private Task<IReadOnlyList<string>> Catalog() => app.Database.Column<string>(
        """
        select format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, is_nullable) as thing
        from information_schema.columns where table_schema in ('users', 'platform')
        union all
        select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
        where connamespace in ('users'::regnamespace, 'platform'::regnamespace) and conrelid::regclass::text not like '%\_\_migrations'
        union all
        select indexdef from pg_indexes where schemaname in ('users', 'platform') and tablename <> '__migrations'
        union all
        select format('%s %s', oid::regclass, relacl) from pg_class
        where relnamespace in ('users'::regnamespace, 'platform'::regnamespace) and relkind = 'r' and relname <> '__migrations'
        order by thing
        """,
        Ct);
}
