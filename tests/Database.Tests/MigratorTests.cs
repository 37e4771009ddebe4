using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Testing;

namespace Platform.Database.Tests;

public sealed class MigratorTests(ShopDatabase database) : IClassFixture<ShopDatabase>, IAsyncLifetime
{
    private static readonly string[] All = ["20260101000000_CreateGoods", "20260102000000_AddPrice", "20260103000000_FillPrice", "20260104000000_IndexPrice"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.Empty();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Migrations_are_applied_once_and_in_order()
    {
        var first = await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);
        var second = await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);

        first.Migrations.Select(applied => applied.Id).ShouldBe(All);
        second.Migrations.ShouldBeEmpty();
        (await database.Migrator<GoodsDb>().Status(Ct)).ShouldAllBe(state => state.Applied);
    }

    [Fact]
    public async Task Entity_Framework_uses_the_same_history_and_migrations()
    {
        await using var db = await database.OpenAsOwner<GoodsDb>();
        await db.Database.MigrateAsync(All[1], Ct);

        (await database.Migrator<GoodsDb>().Status(Ct)).Select(state => state.Applied).ShouldBe([true, true, false, false]);
    }

    [Fact]
    public async Task A_migration_whose_verification_fails_is_undone_and_earlier_ones_stay()
    {
        var fault = await database.Migrator<DoubtfulDb>().Apply(_ => { }, Ct).ShouldThrowAsync<PostgresException>();

        fault.MessageText.ShouldBe("FillShelves: its verification does not hold");
        (await database.Read<long>("select count(*) from shelves")).ShouldBe(0);
        (await database.Read<bool>("select to_regclass('boxes') is null")).ShouldBeTrue();
        (await database.Migrator<DoubtfulDb>().Status(Ct)).Select(state => state.Applied).ShouldBe([true, false]);
    }

    [Fact]
    public async Task A_rollback_undoes_the_last_migration_or_all_after_the_one_named()
    {
        var before = await Catalog.Read(database);
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);

        (await database.Migrator<GoodsDb>().Rollback(null, _ => { }, Ct)).ShouldBe([All[3]]);
        (await database.Migrator<GoodsDb>().Rollback("CreateGoods", _ => { }, Ct)).ShouldBe([All[2], All[1]]);
        (await database.Read<bool>("select to_regclass('goods') is not null")).ShouldBeTrue();
        (await database.Migrator<GoodsDb>().Rollback("0", _ => { }, Ct)).ShouldBe([All[0]]);
        (await database.Migrator<GoodsDb>().Rollback(null, _ => { }, Ct)).ShouldBeEmpty();

        await database.AsOwner("drop table __migrations; drop table __backfills");
        (await Catalog.Read(database)).ShouldBe(before);
    }

    [Fact]
    public async Task A_rollback_to_an_unknown_migration_is_refused_and_changes_nothing()
    {
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);

        await database.Migrator<GoodsDb>().Rollback("20260101000000_CreateGods", _ => { }, Ct).ShouldThrowAsync<UnknownMigrationException>();

        (await database.Migrator<GoodsDb>().Status(Ct)).ShouldAllBe(state => state.Applied);
    }

    [Fact]
    public async Task Applying_rolling_back_and_applying_again_gives_the_same_catalog()
    {
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);
        var once = await Catalog.Read(database);

        await database.Migrator<GoodsDb>().Rollback("0", _ => { }, Ct);
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);

        (await Catalog.Read(database)).ShouldBe(once);
    }

    [Fact]
    public async Task One_of_many_concurrent_runs_applies_the_migrations()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => database.Migrator<GoodsDb>().Apply(_ => { }, Ct), Ct)));

        runs.Count(applied => applied.Migrations.Count == All.Length).ShouldBe(1);
        runs.Count(applied => applied.Migrations.Count == 0).ShouldBe(4);
    }

    [Fact]
    public async Task A_migration_behind_a_long_transaction_does_not_block_readers_and_continues_after_it()
    {
        await database.AsOwner("create table goods (id bigint primary key)");
        await using var forgetful = await database.Open(ShopDatabase.Service);
        await using var transaction = await forgetful.BeginTransactionAsync(Ct);
        await using (var read = new NpgsqlCommand("select count(*) from goods", forgetful))
        {
            await read.ExecuteScalarAsync(Ct);
        }

        var lines = new BlockingCollection<string>();
        var migration = Task.Run(() => database.Migrator<AddPriceDb>().Apply(lines.Add, Ct), Ct);
        for (var tries = 0; tries < 3; tries++)
        {
            lines.Take(Ct).ShouldContain("a lock was not granted within 500 ms, nothing is changed");
            // If the migration kept waiting, this reader would queue behind it.
            await database.AsService("set statement_timeout = '1s'; select count(*) from goods");
        }

        migration.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync(Ct);

        (await migration).Migrations.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_migration_that_never_gets_its_lock_gives_up_and_changes_nothing()
    {
        await database.AsOwner("create table goods (id bigint primary key)");
        await using var forgetful = await database.Open(ShopDatabase.Service);
        await using var transaction = await forgetful.BeginTransactionAsync(Ct);
        await using (var read = new NpgsqlCommand("select count(*) from goods", forgetful))
        {
            await read.ExecuteScalarAsync(Ct);
        }

        var impatient = database.Migrator<AddPriceDb>(new LockRetries { Tries = 2, FirstPause = TimeSpan.FromMilliseconds(1) });
        await impatient.Apply(_ => { }, Ct).ShouldThrowAsync<LockNotGrantedException>();

        (await database.Migrator<AddPriceDb>().Status(Ct)).ShouldAllBe(state => !state.Applied);
        (await database.Read<bool>("select exists (select from pg_attribute where attrelid = 'goods'::regclass and attname = 'price')")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_index_left_invalid_by_a_failed_build_is_rebuilt()
    {
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);
        await database.Migrator<GoodsDb>().Rollback(null, _ => { }, Ct);
        await database.AsOwner("update goods set price = 10 where id = 2");
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct).ShouldThrowAsync<PostgresException>();
        (await database.Read<bool>("select indisvalid from pg_index where indexrelid = 'ix_goods_price'::regclass")).ShouldBeFalse();

        await database.AsOwner("update goods set price = 20 where id = 2");
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);

        (await database.Read<bool>("select indisvalid from pg_index where indexrelid = 'ix_goods_price'::regclass")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_killed_backfill_continues_where_it_stopped_and_processes_no_row_twice()
    {
        await using var killer = await database.Open("postgres");
        var kills = 0;
        var seen = new List<string>();
        for (var tries = 1; ; tries++)
        {
            try
            {
                await database.Migrator<GoodsDb>().Apply(Tell, Ct);
                break;
            }
            catch (NpgsqlException)
            {
                tries.ShouldBeLessThan(20);
            }
        }

        kills.ShouldBe(4);
        seen.Count(line => line.StartsWith("price: 10 rows", StringComparison.Ordinal)).ShouldBe(1);
        seen.ShouldContain("price: 100 rows done, up to key 100 of 100");
        (await database.Read<bool>("select bool_and(price = id * 10) from goods")).ShouldBeTrue();

        void Tell(string line)
        {
            seen.Add(line);
            if (line.StartsWith("price: ", StringComparison.Ordinal) && seen.Count % 2 == 0 && kills < 4)
            {
                kills++;
                using var kill = new NpgsqlCommand(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'shop migrate'", killer);
                kill.ExecuteNonQuery();
            }
        }
    }

    [Fact]
    public async Task A_killed_migration_leaves_nothing_behind_and_can_be_run_again()
    {
        await database.AsOwner("create table goods (id bigint); create function die() returns int language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return 1; end $$");
        await database.Migrator<KilledDb>().Apply(_ => { }, Ct).ShouldThrowAsync<NpgsqlException>();
        (await database.Read<bool>("select to_regclass('parts') is null")).ShouldBeTrue();

        await database.AsOwner("create or replace function die() returns int language sql as 'select 1'");
        (await database.Migrator<KilledDb>().Apply(_ => { }, Ct)).Migrations.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_service_role_cannot_change_the_history()
    {
        await database.Migrator<GoodsDb>().Apply(_ => { }, Ct);

        var fault = await database.AsService("delete from __migrations").ShouldThrowAsync<PostgresException>();

        fault.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task The_lock_of_a_disconnected_run_is_released_for_the_next()
    {
        await using var proxy = TcpProxy.ToPostgres(database.Connections.ForOwner());
        await using var gone = new NpgsqlConnection(proxy.Rewrite(database.Connections.ForOwner()));
        await gone.OpenAsync(Ct);
        await using var wait = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('shop:migrate', 0)), pg_sleep(600)", gone);
        var waiting = wait.ExecuteNonQueryAsync(Ct);
        await Eventually.IsTrue(() =>
            database.Read<bool>("select exists (select from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid())"), Ct);

        proxy.Cut();

        await waiting.ShouldThrowAsync<NpgsqlException>();
        (await database.Migrator<GoodsDb>().Apply(_ => { }, Ct)).Migrations.Count.ShouldBe(All.Length);
    }
}
