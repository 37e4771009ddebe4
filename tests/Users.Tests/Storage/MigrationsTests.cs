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

/// <summary>People from before referral codes, and the key that the bots shared.</summary>
public sealed class MigrationsOfPeopleTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task The_migration_gives_existing_people_referral_codes_and_renames_the_bot_key()
    {
        await app.First.DisposeAsync();
        (await app.Run("migrate", "rollback", "20261121010100_CreateUsers")).ShouldBe(0);
        await app.Execute(
            """
            insert into users (telegram_id, full_name, language, consent_personal_data, is_active, version, created_at, updated_at)
            select n, 'Somebody', 'ru', false, true, 1, '2026-01-01', '2026-01-01' from generate_series(1, 2500) n
            """);
        var key = await app.Row("select id, encode(key_hash, 'hex') as hash from bot_keys where name = 'bots'");

        (await app.Run("migrate")).ShouldBe(0);

        (await app.Count("select count(distinct referral_code) from users")).ShouldBe(2500);
        (await app.Count("select count(*) from users where referral_code !~ '^[0-9A-HJKMNP-TV-Z]{8}$'")).ShouldBe(0);
        (await app.Row("select id, encode(key_hash, 'hex') as hash from bot_keys where name = 'barista-bot'")).ShouldBe(key);
        (await app.Count("select count(*) from bot_keys where name = 'bots'")).ShouldBe(0);
    }
}
