using System.Runtime.Versioning;
using Platform.Testing;

namespace Platform.Ops.Tests.Services;

/// <summary>What a service's program is given, and what becomes of it when it does not answer as it should: shown by programs of the test's own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ServiceProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_verb_gets_its_own_login_and_nobody_elses_secrets()
    {
        var environment = await EnvironmentOf("verify",
            new("Roles__users__Password", "u1"), new("Roles__users__OwnerPassword", "o1"), new("Roles__door__Password", "d1"),
            new("POSTGRES_PASSWORD", "p1"), new("BOT_API_KEY_CLIENT", "b1"), new("TELEGRAM_TOKEN_CLIENT", "t1"));

        environment["ConnectionStrings__database"].ShouldContain("Username=users;Password=u1");
        environment["ConnectionStrings__database"].ShouldContain("Host=db.example");
        environment["ConnectionStrings__database"].ShouldContain("SSL Mode=Require");
        environment.ShouldNotContainKey("ConnectionStrings__owner", "who only looks may change no schema");
        environment.ShouldNotContainKey("ConnectionStrings__postgres");
        environment.Keys.ShouldNotContain(name => name.StartsWith("Roles__", StringComparison.Ordinal));
        environment.ShouldNotContainKey("POSTGRES_PASSWORD");
        environment.ShouldNotContainKey("BOT_API_KEY_CLIENT");
        environment.ShouldNotContainKey("TELEGRAM_TOKEN_CLIENT");
        environment["ConnectionStrings__rabbitmq"].ShouldBe("amqp://a:b@broker.example/");
        environment["DOTNET_ENVIRONMENT"].ShouldBe("Development");
    }

    [Fact]
    public async Task Passwords_are_derived_from_the_secret_as_the_app_host_does_it()
    {
        var environment = await EnvironmentOf("migrate status", new KeyValuePair<string, string>("DATABASE_SECRET", "a secret of these tests"));

        // printf users | openssl dgst -sha256 -hmac 'a secret of these tests'
        environment["ConnectionStrings__database"].ShouldContain("Password=cfb3bbc5b75a9fe4088cbcfd9804342d9db34ea571df667a24f7ffe8ccc1a50e");
        environment["ConnectionStrings__owner"].ShouldContain("Username=users_owner;Password=8f67472dd4980ecb71fd3569d4d66390b7f1484d4d39793b05ce575d2ac9da0f");
        environment.ShouldNotContainKey("DATABASE_SECRET");
    }

    [Fact]
    public async Task Every_project_with_migrations_is_a_service_that_the_command_knows()
    {
        var withMigrations = Directory.GetDirectories(Repository.PathOf("src"))
            .Where(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Any(file => Path.GetFileName(Path.GetDirectoryName(file)) == "Migrations"))
            .Select(project => Path.GetFileName(project).ToLowerInvariant()).ToList();
        withMigrations.Count.ShouldBeGreaterThanOrEqualTo(7, "Found too few: this test would prove nothing.");

        var refused = await PlatformCommand.Run([], "messages", "list", "nobody", "--json");

        refused.ExitCode.ShouldBe(2, refused.ToString());
        var known = refused.Json.GetProperty("error").GetString()!.Split("There are: ")[1].TrimEnd('.').Split(", ");
        known.ShouldBe(withMigrations, ignoreOrder: true);
        known.ShouldBe(PlatformCommand.AllServices);
    }

    [Fact]
    public async Task A_program_that_dies_tells_by_its_last_lines()
    {
        var died = await PlatformCommand.Run(Settings(Script("echo 'Unhandled exception: no more memory' >&2; kill -9 $$")), "verify", "users", "--json");

        died.ExitCode.ShouldBe(1, died.ToString());
        died.Of("users").GetProperty("error").GetString()!.ShouldContain("no more memory");
        died.OutcomeOf("users").ShouldBe("failed");
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_has_failed()
    {
        var program = Script("echo hello");
        File.SetUnixFileMode(program, UnixFileMode.UserRead);

        var refused = await PlatformCommand.Run(Settings(program), "verify", "users", "--json");

        refused.ExitCode.ShouldBe(1, refused.ToString());
        refused.Of("users").GetProperty("error").GetString()!.ShouldContain("ermission denied");
    }

    [Fact]
    public async Task What_its_verbs_need_is_asked_for_before_one_runs()
    {
        var settings = Settings(Script("echo hello"));

        settings.Remove("ConnectionStrings__rabbitmq");
        (await PlatformCommand.Run(settings, "verify", "users")).Errors.ShouldContain("ConnectionStrings__rabbitmq is missing");
        settings["ConnectionStrings__rabbitmq"] = "http://localhost";
        var refused = await PlatformCommand.Run(settings, "verify", "users");
        refused.ExitCode.ShouldBe(2, refused.ToString());
        refused.Errors.ShouldContain("amqp://");
    }

    [Fact]
    public async Task A_program_that_answers_something_else_has_failed()
    {
        var strange = await PlatformCommand.Run(Settings(Script("echo hello")), "verify", "users", "--json");

        strange.ExitCode.ShouldBe(1, strange.ToString());
        strange.Of("users").GetProperty("error").GetString()!.ShouldContain("hello");
    }

    /// <returns>The environment that a verb of users finds.</returns>
    private async Task<Dictionary<string, string>> EnvironmentOf(string verb, params KeyValuePair<string, string>[] settings)
    {
        var file = Path.Combine(_folder.FullName, "environment");
        var outcome = await PlatformCommand.Run(
            [
                new("ConnectionStrings__postgres", "Host=db.example;Username=postgres;Password=s1;SSL Mode=Require"),
                new("ConnectionStrings__rabbitmq", "amqp://a:b@broker.example/"),
                new("Services__users__Program", Script($$"""env -0 > {{file}}; echo '{"checks": [], "migrations": [], "functions": []}'""")),
                .. settings,
            ],
            [.. verb.Split(' '), "users"]);
        outcome.ExitCode.ShouldBe(0, outcome.ToString());
        return (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private static Dictionary<string, string> Settings(string program)
    {
        var settings = PlatformCommand.Settings("Host=db.example;Username=postgres", PlatformCommand.NoBroker, "users");
        settings["Services__users__Program"] = program;
        return settings;
    }

    private string Script(string commands)
    {
        var path = Path.Combine(_folder.FullName, "users");
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{commands}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
