using Npgsql;

namespace Platform.Database.Tests;

public sealed class DependentViewsTests(ShopDatabase database) : IClassFixture<ShopDatabase>, IAsyncLifetime
{
    /// <summary>
    /// Views on views on the table: a diamond, a materialized view in between, views in another schema and of another owner, and every
    /// kind of object that can depend on a view.
    /// </summary>
    private const string Views = """
        create table orders (id bigint primary key, amount numeric(10, 2) not null, note text, shop text not null default 'a');
        insert into orders select i, i * 1.5, 'n' || i from generate_series(1, 50) i;
        create view untouched as select id, note from orders;

        create view "Amounts" (id, "Total Amount") with (security_barrier = true, check_option = local) as select id, amount from orders where amount > 0;
        comment on view "Amounts" is 'What was paid; it''s "gross"';
        comment on column "Amounts"."Total Amount" is 'in roubles';
        alter view "Amounts" alter column "Total Amount" set default 1 + 1;
        grant select on "Amounts" to public;
        grant update (id), select ("Total Amount") on "Amounts" to shop with grant option;
        revoke delete on "Amounts" from shop;

        create materialized view by_amount with (fillfactor = 70, autovacuum_enabled = false) as
            select "Total Amount" as total, count(*) as n, max(id)::text as last from "Amounts" group by 1;
        create unique index ix_by_amount_total on by_amount (total) with (fillfactor = 50);
        create index "ix_By amount n" on by_amount (n desc nulls last, lower(last)) where n > 0;
        comment on index ix_by_amount_total is 'one row a sum';
        alter index "ix_By amount n" alter column 2 set statistics 300;
        alter materialized view by_amount cluster on ix_by_amount_total;
        alter materialized view by_amount alter column total set statistics 500;
        alter materialized view by_amount alter column last set storage external;
        alter materialized view by_amount alter column n set (n_distinct = 5);
        create statistics by_amount_total_n (dependencies) on total, n from by_amount;
        alter statistics by_amount_total_n set statistics 50;
        comment on statistics by_amount_total_n is 'go together';
        comment on materialized view by_amount is 'sums';

        create materialized view not_filled as select total from by_amount with no data;

        create view report as select a.id, a."Total Amount" as total, b.n, u.note from "Amounts" a join by_amount b on b.total = a."Total Amount" join untouched u using (id);
        create rule report_insert as on insert to report do instead insert into orders (id, amount) values (new.id, new.total) returning id, amount, 1::bigint, note;
        comment on rule report_insert on report is 'an insert is an order';
        create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
        create trigger report_update instead of update on report for each row execute function refuse();
        comment on trigger report_update on report is 'no updates';

        create view rows_of_report as select report, null::report as none from report;
        create recursive view chain (id, total) as select id, total from report where id = 1 union all select r.id, r.total from report r join chain c on r.id = c.id + 1;
        -- In a circle by their rules: each one's insert goes to the other.
        create view ping as select id, amount from orders;
        create view pong as select id, amount from ping;
        create rule ping_insert as on insert to ping do also insert into pong select new.id, new.amount;
        create rule pong_delete as on delete to pong do instead delete from ping where id = old.id;
        """;

    private const string OfOthers = """
        create schema if not exists other;
        grant usage, create on schema other to shop_owner, shop;
        grant usage, create on schema shop to postgres;
        create view other.elsewhere as select "Total Amount" from shop."Amounts";
        grant select on other.elsewhere to shop with grant option;
        set role shop;
        grant select on other.elsewhere to shop_owner;
        reset role;
        """;

    private static readonly string Widen = DependentViews.Around("orders", ["amount"], "alter table orders alter amount type numeric(14, 2)");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.Empty();
        await database.AsOwner(Views);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_change_of_type_restores_every_dependent_view()
    {
        var before = await Catalog.Read(database);

        await database.AsOwner(Widen);

        (await Catalog.Read(database)).ShouldBe(before.Replace("numeric(10,2)", "numeric(14,2)", StringComparison.Ordinal));
        before.ShouldContain("numeric(10,2)");
        (await database.Read<long>("select count(*) from by_amount")).ShouldBe(50);
        (await database.Read<bool>("select relispopulated from pg_class where oid = 'not_filled'::regclass")).ShouldBeFalse();
    }

    [Fact]
    public async Task Views_that_do_not_read_the_column_are_not_recreated()
    {
        var before = await database.Read<uint>("select 'untouched'::regclass::oid");

        await database.AsOwner(Widen);

        (await database.Read<uint>("select 'untouched'::regclass::oid")).ShouldBe(before);
    }

    [Fact]
    public async Task Views_of_other_owners_and_schemas_keep_their_owner_and_all_grants()
    {
        await database.AsSuperuser(OfOthers);
        const string sql = "select format('%s %s %s', relowner::regrole, relacl, pg_get_viewdef(oid)) from pg_class where oid = 'other.elsewhere'::regclass";
        var before = await database.Read<string>(sql);

        await database.AsSuperuser(Widen);

        (await database.Read<string>(sql)).ShouldBe(before);
        before.ShouldContain("shop_owner=r/shop");
    }

    [Fact]
    public async Task Recreated_views_do_not_get_default_privileges_they_did_not_have()
    {
        await database.AsOwner("alter default privileges in schema shop revoke all on tables from shop; create view bare as select amount from orders; alter default privileges in schema shop grant select on tables to shop");
        (await database.Read<bool>("select relacl is null from pg_class where oid = 'bare'::regclass")).ShouldBeTrue();

        await database.AsOwner(Widen);

        (await database.Read<bool>("select has_table_privilege('shop', 'bare', 'select')")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_kill_between_dropping_and_recreating_views_changes_nothing()
    {
        var before = await Catalog.Read(database);

        await database.AsOwner(DependentViews.Around(
            "orders", ["amount"], "alter table orders alter amount type numeric(14, 2); select pg_terminate_backend(pg_backend_pid())"))
                .ShouldThrowAsync<NpgsqlException>();

        (await Catalog.Read(database)).ShouldBe(before);
    }

    [Fact]
    public async Task A_kill_from_another_session_while_views_are_dropped_changes_nothing()
    {
        var before = await Catalog.Read(database);
        await using var judge = await database.Open("postgres");
        await using (var hold = new NpgsqlCommand("select pg_advisory_lock(7)", judge))
        {
            await hold.ExecuteNonQueryAsync(Ct);
        }

        var change = database.AsOwner(DependentViews.Around("orders", ["amount"],
            "alter table orders alter amount type numeric(14, 2); select pg_advisory_lock(7)"));
        await using var kill =
            new NpgsqlCommand("select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and objid = 7 and not granted", judge);
        await Platform.Testing.Eventually.IsTrue(async () => (long)(await kill.ExecuteScalarAsync(Ct))! > 0, Ct);

        await change.ShouldThrowAsync<NpgsqlException>();
        (await Catalog.Read(database)).ShouldBe(before);
    }

    [Fact]
    public async Task The_error_names_a_view_that_cannot_be_recreated_and_nothing_is_changed()
    {
        var before = await Catalog.Read(database);

        var fault = await database.AsOwner(DependentViews.Around("orders", ["amount"], "alter table orders drop amount")).ShouldThrowAsync<PostgresException>();

        fault.MessageText.ShouldMatch("^view shop\\..+ cannot be recreated, so nothing was changed: column orders.amount does not exist$");
        (await Catalog.Read(database)).ShouldBe(before);
    }

    [Fact]
    public async Task A_column_that_no_view_reads_can_be_dropped()
    {
        await database.AsOwner("create table small (id bigint, old int, kept int); create view v as select id, kept from small");
        var before = await database.Read<string>("select pg_get_viewdef('v'::regclass)");

        await database.AsOwner(DependentViews.Around("small", ["old"], "alter table small drop old"));

        (await database.Read<string>("select pg_get_viewdef('v'::regclass)")).ShouldBe(before);
    }

    [Fact]
    public async Task A_function_that_depends_on_a_view_is_named_and_nothing_is_changed()
    {
        await database.AsOwner("create function total() returns numeric return (select sum(r.total) from report r)");
        var before = await Catalog.Read(database);

        var fault = await database.AsOwner(Widen).ShouldThrowAsync<PostgresException>();

        fault.MessageText.ShouldBe("cannot drop view shop.report because other objects depend on it: function shop.total() depends on view shop.report");
        (await Catalog.Read(database)).ShouldBe(before);
    }

    [Fact]
    public async Task An_unknown_column_is_refused()
    {
        var fault = await database.AsOwner(DependentViews.Around("orders", ["amuont"], "select 1")).ShouldThrowAsync<PostgresException>();

        fault.SqlState.ShouldBe(PostgresErrorCodes.UndefinedColumn);
    }
}
