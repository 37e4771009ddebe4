using Platform.Testing;

namespace Platform.Ops.Tests.Ready;

public sealed class ReadyTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private VirtualHost _broker = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database, _broker.Address, PlatformCommand.AllServices);

    public async ValueTask InitializeAsync()
    {
        // Provisioned and migrated by the same programs.
        _database = await TestDatabase.Create(PlatformCommand.AllServices);
        _broker = await VirtualHost.Create(PlatformCommand.AllServices);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_platform_migrated_by_the_installed_builds_is_ready()
    {
        var ready = await Ready();

        ready.ExitCode.ShouldBe(0, ready.ToString());
        ready.Json.GetProperty("outcome").GetString().ShouldBe("done");
        Missing(ready).ShouldBeEmpty();
    }

    [Fact]
    public async Task Demo_data_is_missing_until_every_service_has_it()
    {
        Missing(await Ready("--demo")).ShouldBe(["users seed-demo", "courses seed-demo", "loyalty seed-demo", "billing seed-demo"]);

        (await Run("seed-demo")).ExitCode.ShouldBe(0);

        (await Ready("--demo")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("update loyalty.__completed set build = 'another'", "loyalty migrate")]
    [InlineData("delete from billing.__completed where verb = 'migrate'", "billing migrate")]
    [InlineData("drop table users.__completed", "users migrate")]
    [InlineData("update notifications.__completed set at = at - interval '32 days'", "notifications migrate")]
    public async Task A_migrate_of_another_build_or_another_month_counts_as_missing(string change, string missing)
    {
        await _database.Execute(change, Ct);

        var ready = await Ready();

        ready.ExitCode.ShouldBe(3, ready.ToString());
        ready.Json.GetProperty("outcome").GetString().ShouldBe("differs");
        Missing(ready).ShouldBe([missing]);
    }

    [Fact]
    public async Task A_rolled_back_service_is_not_ready_until_it_is_migrated_again()
    {
        (await Run("migrate", "rollback", "courses")).ExitCode.ShouldBe(0);
        Missing(await Ready()).ShouldBe(["courses migrate"]);

        (await Run("migrate", "apply", "courses")).ExitCode.ShouldBe(0);
        (await Ready()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_service_whose_migration_failed_is_not_ready()
    {
        (await Run("migrate", "rollback", "courses", "--to", "0")).ExitCode.ShouldBe(0);
        await _database.Execute("create table courses.courses (); alter table courses.courses owner to courses_owner", Ct);
        (await Run("migrate", "apply", "courses")).ExitCode.ShouldBe(1);

        Missing(await Ready()).ShouldBe(["courses migrate"]);
    }

    [Fact]
    public async Task Queues_that_are_missing_on_a_fresh_broker_are_listed()
    {
        await using var broker = await VirtualHost.Create("users");

        var ready = await PlatformCommand.Run(PlatformCommand.Settings(_database, broker.Address, PlatformCommand.AllServices), "ready", "--json");

        ready.ExitCode.ShouldBe(3, ready.ToString());
        Missing(ready).ShouldBe(PlatformCommand.AllServices.Except(["users"]).Select(service => $"queue {service}"));
    }

    [Fact]
    public async Task Schemas_that_are_missing_in_an_empty_database_are_listed()
    {
        await using var database = await EmptyDatabase.Create();

        var ready = await PlatformCommand.Run(PlatformCommand.Settings(database.Superuser, _broker.Address, PlatformCommand.AllServices), "ready", "--json");

        ready.ExitCode.ShouldBe(3, ready.ToString());
        Missing(ready).ShouldContain("schema users");
    }

    [Fact]
    public async Task A_role_that_is_missing_or_has_another_password_is_listed()
    {
        var settings = Settings;
        settings["Roles__billing__OwnerPassword"] = "another";
        settings["Roles__never_made__Password"] = "x";

        var ready = await PlatformCommand.Run(settings, "ready", "--json");

        ready.ExitCode.ShouldBe(3, ready.ToString());
        Missing(ready).ShouldBe(["login billing_owner", "login never_made"], ignoreOrder: true);
    }

    [Fact]
    public async Task Grants_of_another_version_are_listed_until_they_are_provisioned()
    {
        await _database.Execute("comment on schema extensions is 'provisioned by another version'", Ct);
        Missing(await Ready()).ShouldBe(["grants, as this version gives them"]);

        (await Run("provision")).ExitCode.ShouldBe(0);
        (await Ready()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_changed_program_is_another_build()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var program = Repository.Program("Letters");
            foreach (var name in new[] { "Letters.dll", "Letters.deps.json", "ServiceDefaults.dll", "Messaging.dll", "Database.dll", "Contracts.dll" })
            {
                File.Copy(Path.Combine(Path.GetDirectoryName(program)!, name), Path.Combine(folder.FullName, name));
            }

            var settings = Settings;
            settings["Services__letters__Program"] = Path.Combine(folder.FullName, "Letters.dll");
            (await PlatformCommand.Run(settings, "ready")).ExitCode.ShouldBe(0, "a copy is the same build");

            await using (var changed = File.OpenWrite(Path.Combine(folder.FullName, "ServiceDefaults.dll")))
            {
                changed.Seek(-1, SeekOrigin.End);
                changed.WriteByte(0xff);
            }

            Missing(await PlatformCommand.Run(settings, "ready", "--json")).ShouldBe(["letters migrate"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<string> Missing(CommandOutcome ready) => ready.Json.TryGetProperty("missing", out var missing)
        ? [.. missing.EnumerateArray().Select(part => part.GetString()!)]
        : throw new InvalidOperationException($"ready did not say what is missing: {ready}");

    private Task<CommandOutcome> Ready(params string[] options) => Run(["ready", "--json", .. options]);

    private Task<CommandOutcome> Run(params string[] arguments) => PlatformCommand.Run(Settings, arguments);
}
