using System.Diagnostics;
using System.Runtime.Versioning;
using Platform.Testing;

namespace Platform.Ops.Tests;

/// <summary>The script at the repository's root, in a folder like the one <c>./run</c> leaves, with a fake <c>dotnet</c> that records its input.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public ScriptTests()
    {
        Directory.CreateDirectory(PathOf("infra/local"));
        foreach (var script in new[] { "platform", "infra/local/settings.sh" })
        {
            File.Copy(Repository.PathOf(script), PathOf(script));
        }

        Write("artifacts/bin/Ops/release/platform.dll", "");
        Write("bin/dotnet", """
            #!/usr/bin/env bash
            printf '%s\n' "$@"
            env -0 > "$(dirname "$0")/environment"
            exit 3
            """);
        File.SetUnixFileMode(PathOf("bin/dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_script_connects_to_what_run_has_started_with_any_password()
    {
        Write(".data/addresses", """
            GATEWAY=http://localhost:20000
            RABBITMQ=127.0.0.1:20021
            POSTGRES=127.0.0.1:20020
            """);
        Write(".data/local.env", """
            DATABASE_SECRET=derived from me
            POSTGRES_PASSWORD=it's; a=secret
            RABBITMQ_USER=platform
            RABBITMQ_PASSWORD=s/lash@é
            """);
        Write(".env", "RABBITMQ_USER=\"from .env\"");

        var run = await Run("verify", "two words");

        run.ExitCode.ShouldBe(3, run.ToString());
        run.Output.Split('\n').ShouldBe([PathOf("artifacts/bin/Ops/release/platform.dll"), "verify", "two words", ""]);
        var environment = await Environment();
        environment["ConnectionStrings__postgres"].ShouldBe("Host=127.0.0.1;Port=20020;Database=platform;Username=postgres;Password='it''s; a=secret'");
        // Every byte is percent-encoded: "from .env" and "s/lash@é".
        environment["ConnectionStrings__rabbitmq"].ShouldBe(
            "amqp://%66%72%6f%6d%20%2e%65%6e%76:%73%2f%6c%61%73%68%40%c3%a9@127.0.0.1:20021/");
        environment["DATABASE_SECRET"].ShouldBe("derived from me");
        environment["DOTNET_ENVIRONMENT"].ShouldBe("Development");
    }

    [Fact]
    public async Task A_missing_secret_is_named()
    {
        Write(".data/addresses", "POSTGRES=127.0.0.1:20020\nRABBITMQ=127.0.0.1:20021");

        var run = await Run("verify");

        run.ExitCode.ShouldBe(2, run.ToString());
        run.Errors.ShouldContain("POSTGRES_PASSWORD is not set");
    }

    [Fact]
    public async Task The_script_passes_commands_through_when_nothing_is_started()
    {
        var run = await Run("--help");

        run.ExitCode.ShouldBe(3, run.ToString());
        (await Environment()).ShouldNotContainKey("ConnectionStrings__postgres");
    }

    private async Task<CommandOutcome> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(PathOf("platform"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{PathOf("bin")}:/usr/bin:/bin";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return new CommandOutcome(process.ExitCode, await output, await errors);
    }

    private async Task<Dictionary<string, string>> Environment() =>
        (await File.ReadAllTextAsync(PathOf("bin/environment"), Ct)).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }
}
