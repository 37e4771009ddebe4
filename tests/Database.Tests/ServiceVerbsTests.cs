using System.Text.Json;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Database.Tests;

public sealed class ServiceVerbsTests(ShopDatabase database) : IClassFixture<ShopDatabase>, IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.Empty();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Migrate_applies_the_migrations_then_runs_the_steps_in_order()
    {
        var steps = new List<string>();
        void Configure(IServiceCollection services) => services
            .AddMigrationStep("first", (_, _) => Note("first"))
            .AddMigrationStep("second", (_, _) => Note("second"));

        var run = await Run<GoodsDb>("migrate", Configure);
        var again = await Run<GoodsDb>("migrate apply", Configure);

        run.Code.ShouldBe(ExitCode.Done);
        run.Output.ShouldContain("applied 20260104000000_IndexPrice");
        steps.ShouldBe(["first", "second", "first", "second"]);
        again.Output.ShouldContain("no migration was missing");

        async Task Note(string step)
        {
            (await database.Read<bool>("select to_regclass('goods') is not null")).ShouldBeTrue();
            steps.Add(step);
        }
    }

    [Fact]
    public async Task Concurrent_migrate_commands_run_their_steps_one_after_the_other()
    {
        var (first, atWork, together) = (true, 0, 0);
        void Configure(IServiceCollection services) => services.AddMigrationStep("of one at a time", async (_, ct) =>
        {
            together = Math.Max(together, Interlocked.Increment(ref atWork));
            if (first)
            {
                first = false;
                await Eventually.IsTrue(() => database.Read<bool>("""
                    select exists (select from pg_stat_activity
                        where datname = current_database() and application_name = 'shop migrate' and query like 'select pg_try_advisory_lock%')
                    """), ct);
            }

            Interlocked.Decrement(ref atWork);
        });

        var runs = await Task.WhenAll(Run<GoodsDb>("migrate", Configure), Run<GoodsDb>("migrate", Configure));

        runs.ShouldAllBe(run => run.Code == ExitCode.Done);
        first.ShouldBeFalse();
        together.ShouldBe(1);
    }

    [Fact]
    public async Task Migrate_status_differs_until_all_migrations_are_applied()
    {
        (await Run<GoodsDb>("migrate status")).Code.ShouldBe(ExitCode.Differs);
        await Run<GoodsDb>("migrate");
        (await Run<GoodsDb>("migrate status")).Code.ShouldBe(ExitCode.Done);

        await Run<GoodsDb>("migrate rollback CreateGoods");
        using var status = JsonDocument.Parse((await Run<GoodsDb>("migrate status --json")).Output);
        status.RootElement.GetProperty("migrations").EnumerateArray().Select(migration => migration.GetProperty("applied").GetBoolean())
            .ShouldBe([true, false, false, false]);
    }

    [Fact]
    public async Task Migrate_plan_prints_the_SQL_and_changes_nothing()
    {
        var plan = await Run<GoodsDb>("migrate plan");

        plan.Code.ShouldBe(ExitCode.Done);
        plan.Output.ShouldContain("-- 20260101000000_CreateGoods");
        plan.Output.ShouldContain("create table goods");
        plan.Output.ShouldContain("create unique index concurrently if not exists ix_goods_price on goods (price)");
        plan.Output.ShouldContain("update goods set price");
        (await database.Read<bool>("select not exists (select from pg_class where relnamespace = 'shop'::regnamespace)")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_SQL_of_migrate_plan_can_be_executed()
    {
        var plan = await Run<AddPriceDb>("migrate plan");
        await database.AsOwner("create table goods (id bigint primary key)");

        await database.AsOwner(plan.Output);

        (await database.Read<bool>("select exists (select from pg_attribute where attrelid = 'goods'::regclass and attname = 'price')")).ShouldBeTrue();
    }

    [Fact]
    public async Task Verify_shows_the_first_row_that_breaks_a_check()
    {
        await Run<GoodsDb>("migrate");
        static void Configure(IServiceCollection services) => services
            .AddVerification("prices are ten times the id", "select id, price from goods where price <> id * 10 order by id")
            .AddVerification("goods have an id", "select 1 as row from goods where id is null");

        (await Run<GoodsDb>("verify", Configure)).Code.ShouldBe(ExitCode.Done);
        await database.AsOwner("update goods set price = -id where id in (7, 30)");
        var verified = await Run<GoodsDb>("verify", Configure);

        verified.Code.ShouldBe(ExitCode.Differs);
        verified.Output.ShouldContain("DIFFERS prices are ten times the id: 2 rows, the first is id 7, price -7");
        verified.Output.ShouldContain("ok      goods have an id");

        using var json = JsonDocument.Parse((await Run<GoodsDb>("verify --json", Configure)).Output);
        json.RootElement.GetProperty("checks")[0].GetProperty("first").GetProperty("price").GetInt64().ShouldBe(-7);
    }

    [Fact]
    public async Task Resync_and_seed_demo_run_what_is_registered_or_say_that_there_is_nothing()
    {
        static void Configure(IServiceCollection services) => services
            .AddResync("goods", (_, _) => Task.FromResult(5L))
            .AddDemoSeed("goods", (_, _) => Task.FromResult(3L));

        (await Run<GoodsDb>("resync", Configure)).Output.ShouldBe("goods: 5 published\n");
        (await Run<GoodsDb>("seed-demo", Configure)).Output.ShouldBe("goods: 3 added\n");
        (await Run<GoodsDb>("resync")).ShouldBe(new Outcome(ExitCode.Done, "this service has nothing for resync\n", ""));
        (await Run<GoodsDb>("seed-demo")).ShouldBe(new Outcome(ExitCode.Done, "this service has nothing for seed-demo\n", ""));
        (await Run<GoodsDb>("verify")).ShouldBe(new Outcome(ExitCode.Done, "this service has nothing to verify\n", ""));
    }

    [Theory]
    [InlineData("migrat")]
    [InlineData("migrate upwards")]
    [InlineData("verify goods")]
    [InlineData("migrate rollback 1 2")]
    public async Task An_unknown_command_prints_the_usage(string words)
    {
        var run = await Run<GoodsDb>(words);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Errors.ShouldContain("migrate rollback [ID]");
    }

    [Fact]
    public async Task A_failure_prints_one_line_and_sets_the_exit_code()
    {
        var run = await Run<DoubtfulDb>("migrate --json");

        run.Code.ShouldBe(ExitCode.Failed);
        run.Errors.ShouldContain("FillShelves: its verification does not hold");
        JsonDocument.Parse(run.Output).RootElement.GetProperty("error").GetString()!.ShouldContain("FillShelves");
        (await Run<DoubtfulDb>("migrate rollback Nothing")).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task A_missing_setting_is_named()
    {
        var run = await Run<GoodsDb>("migrate", settings: []);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Errors.ShouldContain("ConnectionStrings:owner is missing");
    }

    [Theory]
    [InlineData(true, "migrate")]
    [InlineData(true, "--ConnectionStrings:database=x", "verify", "--json")]
    [InlineData(false)]
    [InlineData(false, "--ConnectionStrings:database=Host=a;Port=1", "--environment=Development")]
    public void Arguments_that_are_settings_are_not_taken_for_a_verb(bool verb, params string[] args) => ServiceVerbs.HasVerb(args).ShouldBe(verb);

    private async Task<Outcome> Run<TDb>(string words, Action<IServiceCollection>? configure = null, IEnumerable<KeyValuePair<string,
        string?>>? settings = null)
        where TDb : ServiceDb
    {
        var builder = database.Host(TimeProvider.System, settings);
        builder.AddServiceDatabase<TDb>();
        configure?.Invoke(builder.Services);
        using var host = builder.Build();
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await ServiceVerbs.Run(host.Services, words.Split(' '), output, errors, Ct);
        return new Outcome(code, output.ToString(), errors.ToString());
    }

    private sealed record Outcome(int Code, string Output, string Errors);
}
