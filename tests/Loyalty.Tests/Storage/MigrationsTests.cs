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

/// <summary>Empties what those migrations fill, and applies them again.</summary>
public sealed class FillPointLotsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_without_lots_become_lots_of_which_the_oldest_were_spent()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 10_000);
        var spending = await app.GivenOrder(guest, staff, 400, spendPoints: 90);
        await app.GivenOrder(guest, staff, 2_000);
        var other = await app.GivenGuest(points: 700);
        await app.RefundAsAdmin(spending, 100);
        await app.Database.Execute(
            """
            delete from loyalty.point_lots;
            delete from loyalty.point_lot_uses;
            update loyalty.accounts set last_order_at = null, level_threshold = 0;
            update loyalty.orders set earn_level = null, level_multiplier = null, level_thresholds = null, level_multipliers = null;
            delete from loyalty.__backfills where name in ('point lots', 'levels of orders');
            delete from loyalty.__migrations where "MigrationId" ~ 'FillPointLots|FillLevelsOfOrders'
            """, Ct);

        var again = await app.Run("migrate");
        again.ExitCode.ShouldBe(0, again.Output);

        (await app.RowsThatDiffer()).ShouldBe(0);
        // 90 were spent, of which 29 came back in an entry of their own.
        (await app.LotsOf(guest)).ShouldBe(["10 of 100", "3 of 3", "21 of 21", "29 of 29"]);
        (await app.LotsOf(other)).ShouldBe(["700 of 700"]);
        (await app.RefundAsAdmin(spending)).Json("pointsReturned").ShouldBe(61L);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }
}
