using Npgsql;
using Platform.Testing;

namespace Platform.Ops.Tests.Migrate;

public sealed class MigrateTests : IAsyncLifetime
{
    /// <summary>Three services prove as much as all.</summary>
    private static readonly string[] Three = ["users", "loyalty", "notifications"];

    private EmptyDatabase _database = null!;
    private VirtualHost _broker = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await EmptyDatabase.Create();
        _broker = await VirtualHost.Create();
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Apply_creates_everything_in_an_empty_database_and_a_second_run_changes_nothing()
    {
        var applied = await Run("migrate", "apply", "--json");

        applied.ExitCode.ShouldBe(0, applied.ToString());
        applied.Json.GetProperty("outcome").GetString().ShouldBe("done");
        applied.Json.GetProperty("services").EnumerateArray().Select(entry => entry.GetProperty("service").GetString())
            .ShouldBe(PlatformCommand.AllServices, "users is first, because it creates the keys that the others read");
        AppliedBy(applied, "loyalty").ShouldContain("20261121101000_CreateLoyalty");
        applied.Errors.ShouldContain("loyalty        applied 20261121101000_CreateLoyalty");
        applied.Errors.ShouldContain("loyalty        applied Orders/place_order.sql");
        (await _database.Scalar<bool>(
            "select to_regclass('users.users') is not null and to_regclass('notifications.notifications') is not null")).ShouldBeTrue();

        var again = await Run(["migrate", "apply", .. Three]);
        again.ExitCode.ShouldBe(0, again.ToString());
        again.Output.Split("none was missing").Length.ShouldBe(Three.Length + 1, again.Output);
        (await Run(["migrate", "status", .. Three])).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Status_lists_missing_migrations_and_exits_with_3()
    {
        (await Run("provision")).ExitCode.ShouldBe(0);
        (await Run("migrate", "apply", "users")).ExitCode.ShouldBe(0);

        var status = await Run(["migrate", "status", "--json", .. Three]);
        status.ExitCode.ShouldBe(3, status.ToString());
        status.Json.GetProperty("outcome").GetString().ShouldBe("differs");
        status.OutcomeOf("users").ShouldBe("done");
        status.OutcomeOf("loyalty").ShouldBe("differs");

        var forPeople = await Run("migrate", "status", "loyalty");
        forPeople.ExitCode.ShouldBe(3);
        forPeople.Output.ShouldContain("20261121101000_CreateLoyalty");
        forPeople.Output.ShouldContain("Orders/place_order.sql");
        forPeople.Output.ShouldNotContain("users");
    }

    [Fact]
    public async Task Plan_and_dry_run_print_the_SQL_and_change_nothing()
    {
        await Run("provision");

        var plan = await Run("migrate", "plan", "loyalty");
        var dryRun = await Run("migrate", "apply", "--dry-run", "loyalty");

        plan.ExitCode.ShouldBe(0, plan.ToString());
        plan.Output.ShouldContain("create table accounts");
        plan.Output.ShouldContain("begin;");
        plan.Output.ShouldContain("create or replace function place_order(");
        dryRun.Output.ShouldBe(plan.Output);
        (await Run("migrate", "plan", "--json", "loyalty")).Of("loyalty").GetProperty("result").GetProperty("migrations").GetArrayLength()
            .ShouldBeGreaterThan(1);
        (await _database.Scalar<long>("select count(*) from pg_tables where schemaname in ('users', 'loyalty')")).ShouldBe(0);
    }

    [Fact]
    public async Task A_failed_apply_skips_the_remaining_services_and_prints_the_rollback_commands()
    {
        await Run("provision");
        await _database.Execute("create table loyalty.payment_codes (); alter table loyalty.payment_codes owner to loyalty_owner");

        var failed = await Run(["migrate", "apply", "--json", .. Three]);

        failed.ExitCode.ShouldBe(1, failed.ToString());
        failed.OutcomeOf("users").ShouldBe("done");
        failed.OutcomeOf("loyalty").ShouldBe("failed");
        failed.Of("loyalty").GetProperty("error").GetString()!.ShouldContain("payment_codes");
        failed.OutcomeOf("notifications").ShouldBe("notRun");
        var back = failed.Json.GetProperty("goBack").EnumerateArray().Select(command => command.GetString()!).ToList();
        back.ShouldBe(["platform migrate rollback loyalty --to 0", "platform migrate rollback users --to 0"]);
        failed.Errors.ShouldContain(back[0]);

        foreach (var command in back)
        {
            var rolledBack = await Run(command.Split(' ')[1..]);
            rolledBack.ExitCode.ShouldBe(0, rolledBack.ToString());
        }

        (await _database.Scalar<string>(
            """
            select string_agg(tablename, ' ') from pg_tables
            where schemaname in ('users', 'loyalty', 'platform', 'notifications') and tablename !~ '^__'
            """)).ShouldBe("payment_codes", "only what was there before");
    }

    [Fact]
    public async Task Rollback_goes_back_to_a_migration_and_its_dry_run_lists_the_same()
    {
        await Run("migrate", "apply", "users", "loyalty");

        var planned = await Run("migrate", "rollback", "loyalty", "--to", "CreatePlatformTables", "--dry-run", "--json");
        var would = planned.Of("loyalty").GetProperty("result").GetProperty("wouldTakeBack").EnumerateArray().Select(id => id.GetString()!).ToList();
        would.Count.ShouldBeGreaterThan(1);
        would[^1].ShouldBe("20261121101000_CreateLoyalty");
        (await Run("migrate", "status", "loyalty")).ExitCode.ShouldBe(0, "a dry run rolls nothing back");

        var back = await Run("migrate", "rollback", "loyalty", "--to", "CreatePlatformTables", "--json");
        back.ExitCode.ShouldBe(0, back.ToString());
        back.Of("loyalty").GetProperty("result").GetProperty("takenBack").EnumerateArray().Select(id => id.GetString()!).ShouldBe(would);
        (await Run("migrate", "status", "loyalty")).ExitCode.ShouldBe(3);

        var unknown = await Run("migrate", "rollback", "loyalty", "--to", "CreateCastles");
        unknown.ExitCode.ShouldBe(2, unknown.ToString());
        (await Run("migrate", "rollback")).ExitCode.ShouldBe(2, "one service must be named");
    }

    [Fact]
    public async Task A_function_that_is_stale_is_shown_and_applied_alone()
    {
        await Run("migrate", "apply", "users", "loyalty");
        await _database.Execute("update loyalty.__functions set hash = 'of an older release' where name = 'Orders/price_order.sql'");
        await _database.Execute("alter function loyalty.price_order rename to an_older_price_order");

        var status = await Run("migrate", "status", "loyalty");
        var plan = await Run("migrate", "plan", "loyalty");
        var applied = await Run("migrate", "apply", "loyalty");

        status.ExitCode.ShouldBe(3, status.ToString());
        status.Output.ShouldContain("Orders/price_order.sql");
        status.Output.ShouldNotContain("Orders/place_order.sql");
        plan.Output.ShouldContain("create or replace function price_order(");
        plan.Output.ShouldNotContain("create or replace function place_order(");
        applied.ExitCode.ShouldBe(0, applied.ToString());
        applied.Output.ShouldContain("Orders/price_order.sql");
        (await _database.Scalar<bool>("select to_regproc('loyalty.price_order') is not null")).ShouldBeTrue();
        (await Run("migrate", "status", "loyalty")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_function_that_cannot_be_created_fails_the_run_by_the_name_of_its_file()
    {
        await Run("migrate", "apply", "users", "loyalty");
        await _database.Execute("update loyalty.__functions set hash = '' where name = 'Orders/event_time.sql'");
        await _database.Execute("""
            set search_path = loyalty;
            drop function event_time;
            create function event_time(p_at timestamptz) returns int language sql as 'select 1';
            alter function event_time owner to loyalty_owner
            """);

        var failed = await Run("migrate", "apply", "--json", "loyalty");

        failed.ExitCode.ShouldBe(1, failed.ToString());
        failed.Of("loyalty").GetProperty("error").GetString()!.ShouldStartWith("Orders/event_time.sql could not be applied");
    }

    [Fact]
    public async Task Only_one_migration_runs_at_a_time()
    {
        await Run("provision");
        await using var other = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_database.Owner("users")) { Pooling = false, ApplicationName = "a runner on another machine" }.ConnectionString);
        await other.OpenAsync(Ct);
        await using var take = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('platform:migrate', 0))", other);
        await take.ExecuteNonQueryAsync(Ct);

        var busy = await Run("migrate", "apply", "--json");
        var rollback = await Run("migrate", "rollback", "users");

        busy.ExitCode.ShouldBe(4, busy.ToString());
        busy.Json.GetProperty("outcome").GetString().ShouldBe("busy");
        busy.Errors.ShouldContain("a runner on another machine");
        rollback.ExitCode.ShouldBe(4, rollback.ToString());
        (await _database.Scalar<long>("select count(*) from pg_tables where schemaname = 'users'")).ShouldBe(0);

        await other.CloseAsync();
        (await Run("migrate", "apply", "users")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_signal_stops_a_running_apply_and_the_outcome_of_each_service_is_reported()
    {
        await Run("provision");
        // Loyalty's own migrate finds its lock taken and waits.
        await using var other = new NpgsqlConnection(_database.Owner("loyalty"));
        await other.OpenAsync(Ct);
        await using var take = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('loyalty:migrate', 0))", other);
        await take.ExecuteNonQueryAsync(Ct);

        using var apply = PlatformCommand.Start(Settings, ["migrate", "apply", "--json", .. Three]);
        // A part of loyalty's message, whose beginning names the other process.
        await Eventually.IsTrue(
            () => Task.FromResult(apply.Errors.Contains("another migration is running", StringComparison.Ordinal)), Ct, TimeSpan.FromMinutes(1));
        await apply.Terminate();
        var stopped = await apply.End();

        stopped.ExitCode.ShouldBe(130, stopped.ToString());
        stopped.OutcomeOf("users").ShouldBe("done");
        stopped.OutcomeOf("loyalty").ShouldBe("stopped");
        stopped.OutcomeOf("notifications").ShouldBe("notRun");
        stopped.Json.GetProperty("goBack").EnumerateArray().Select(command => command.GetString())
            .ShouldBe(["platform migrate rollback users --to 0"]);
        (await _database.Scalar<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'loyalty migrate'"))
            .ShouldBe(0, "its process has ended too");
    }

    [Fact]
    public async Task A_missing_service_program_is_named_before_anything_is_changed()
    {
        var missing = await PlatformCommand.Run([.. Settings, new("Services__loyalty__Program", "/nowhere/Loyalty.dll")], "migrate", "apply", "--json");

        missing.ExitCode.ShouldBe(2, missing.ToString());
        missing.Json.GetProperty("error").GetString()!.ShouldContain("/nowhere/Loyalty.dll");
        missing.Errors.ShouldContain("Services__loyalty__Program");
        (await _database.Scalar<bool>("select to_regnamespace('users') is null")).ShouldBeTrue();
    }

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database.Superuser, _broker.Address, PlatformCommand.AllServices);

    private Task<CommandOutcome> Run(params string[] arguments) => PlatformCommand.Run(Settings, arguments);

    private static IEnumerable<string> AppliedBy(CommandOutcome outcome, string service) =>
        outcome.Of(service).GetProperty("result").GetProperty("applied").EnumerateArray().Select(migration => migration.GetProperty("id").GetString()!);
}
