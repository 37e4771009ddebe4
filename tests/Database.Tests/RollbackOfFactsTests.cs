using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;

namespace Platform.Database.Tests;

public sealed class RollbackOfFactsTests(ShopDatabase database) : IClassFixture<ShopDatabase>, IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.Empty();
        await database.Migrator<BooksDb>().Apply(_ => { }, Ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_rollback_that_would_lose_facts_is_refused_and_lists_them()
    {
        await database.AsOwner("insert into entries (id, refunded, note) values (1, 0, 'a'), (2, 5, null), (3, 7, null)");

        var run = await Run("migrate rollback 0 --json");
        var dryRun = await Run("migrate rollback 0 --dry-run");

        run.Code.ShouldBe(ExitCode.Usage);
        run.Errors.ShouldContain(
            "Rolling back would lose facts: 1 row of entries.note (20260103000000_AddNote), 2 rows of entries.refunded (20260102000000_AddRefunded), "
            + "3 rows of entries (20260101000000_CreateEntries). Nothing was changed.");
        JsonDocument.Parse(run.Output).RootElement.GetProperty("facts").EnumerateArray().Select(fact => fact.GetProperty("rows").GetInt64())
            .ShouldBe([1, 2, 3]);
        dryRun.Code.ShouldBe(ExitCode.Usage);
        (await database.Migrator<BooksDb>().Status(Ct)).ShouldAllBe(state => state.Applied);
    }

    [Fact]
    public async Task A_rollback_that_loses_no_facts_is_done()
    {
        await database.AsOwner("insert into drafts values (1)");
        (await Run("migrate rollback 0")).Code.ShouldBe(ExitCode.Done);
        await database.Migrator<BooksDb>().Apply(_ => { }, Ct);

        await database.AsOwner("insert into entries values (1)");
        (await Run("migrate rollback CreateEntries")).Code.ShouldBe(ExitCode.Done);
        (await Run("migrate rollback 0")).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task An_undeclared_column_counts_as_facts()
    {
        await database.AsOwner("insert into entries (id, note) values (1, 'a')");

        (await Run("migrate rollback")).Errors.ShouldContain("1 row of entries.note");
    }

    [Fact]
    public async Task Facts_are_checked_again_in_the_transaction_that_drops_them()
    {
        await database.AsOwner("insert into entries (id, note) values (1, 'a')");
        await using var db = await database.OpenAsOwner<BooksDb>();

        // Entity Framework does not count facts before the transaction.
        var fault = await db.Database.MigrateAsync("20260102000000_AddRefunded", Ct).ShouldThrowAsync<PostgresException>();

        fault.MessageText.ShouldBe("AddNote: rolling it back would lose what is in entries.note");
        (await database.Read<string>("select note from entries")).ShouldBe("a");
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task A_rollback_outside_Development_requires_the_name_of_the_database(string environment)
    {
        var unnamed = await Run("migrate rollback", environment);
        var wrong = await Run("migrate rollback --yes another", environment);
        (await database.Migrator<BooksDb>().Status(Ct)).ShouldAllBe(state => state.Applied);
        var looked = await Run("migrate rollback --dry-run", environment);
        var named = await Run($"migrate rollback AddRefunded --yes {database.Name}", environment);

        unnamed.Code.ShouldBe(ExitCode.Usage);
        unnamed.Errors.ShouldContain("--yes");
        wrong.Code.ShouldBe(ExitCode.Usage);
        looked.Code.ShouldBe(ExitCode.Done);
        named.Code.ShouldBe(ExitCode.Done);
        (await database.Migrator<BooksDb>().Status(Ct)).Select(state => state.Applied).ShouldBe([true, true, false]);
    }

    [Theory]
    [InlineData("drop table a; drop table if exists b, c cascade;", "a b c")]
    [InlineData("alter table orders drop column refunded_at, drop if exists paid, drop constraint ck_orders, alter column x drop not null",
        "orders.refunded_at orders.paid")]
    [InlineData("alter table only orders alter column amount type int", "orders.amount")]
    [InlineData("update users as u set name = '-'; delete from tokens using users; truncate codes", "users tokens codes")]
    [InlineData("drop materialized view sums", "sums")]
    [InlineData("do $$ begin delete from a; end $$", "a")]
    [InlineData("drop view v; drop function f; drop index i; alter table a drop constraint c, alter b drop default", "")]
    [InlineData("-- drop table a\ngrant update on a to b; revoke update, delete, truncate on a from b", "")]
    [InlineData("create function f() returns void language sql as $$ delete from a; update b set c = 1 $$", "")]
    [InlineData("insert into a values (1) on conflict do update set b = 1; select 1 from a for update of a", "")]
    [InlineData("delete from __backfills where name = 'x'", "")]
    public void Tables_and_columns_dropped_or_overwritten_are_found_in_the_SQL(string sql, string expected) =>
        string.Join(' ', Dropped.In(sql)).ShouldBe(expected);

    private async Task<(int Code, string Output, string Errors)> Run(string words, string? environment = null)
    {
        var builder = database.Host(TimeProvider.System, environment: environment);
        builder.AddServiceDatabase<BooksDb>();
        using var host = builder.Build();
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await ServiceVerbs.Run(host.Services, words.Split(' '), output, errors, Ct);
        return (code, output.ToString(), errors.ToString());
    }
}
