using System.CommandLine;
using Platform.Contracts;
using Platform.Ops.Demo;
using Platform.Ops.Migrate;
using Platform.Ops.Provision;
using Platform.Ops.Ready;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Prepare;

/// <summary>Creates everything that services need before they start. The app host runs it first.</summary>
internal static class PrepareCommand
{
    private static readonly string[] Apply = ["migrate", "apply"];

    public static Command Create()
    {
        var json = Switches.Json();
        var demo = new Option<bool>("--demo") { Description = "Add the demo data too; Development only.", Arity = ArgumentArity.Zero };
        var command = new Command("prepare",
            "Creates what the services need before they start: roles, schemas, tables, queues. Safe to repeat.") { demo, json };
        command.SetHandler(json, (parsed, screen, ct) => Run(PlatformSettings.FromEnvironment(), parsed.GetValue(demo), screen, ct));
        return command;
    }

    private static async Task<int> Run(PlatformSettings settings, bool demo, Screen screen, CancellationToken ct)
    {
        var services = settings.Services([]);
        var missing = await ReadyCommand.Missing(settings, demo, ct);
        if (missing.Count == 0)
        {
            screen.Show("nothing is missing");
            return screen.End(ExitCode.Done, new { outcome = "done", missing });
        }

        screen.Say($"missing: {string.Join(", ", missing)}");
        await ProvisionCommand.Ensure(settings, screen, ct);
        await using var migrationLock = await MigrationLock.Acquire(settings.Owner(services[0].Service), ct);

        // Users first: all others read the keys that its migrations create.
        var runner = new ServiceRunner(settings, screen);
        List<ServiceOutcome> outcomes = [.. await runner.RunInOrder([services[0]], Apply, asOwner: true, ct)];
        if (outcomes.All(outcome => outcome.Code == ExitCode.Done))
        {
            outcomes.AddRange(await runner.RunConcurrently([.. services.Skip(1)], Apply, asOwner: true, ct));
        }

        if (demo && outcomes.All(outcome => outcome.Code == ExitCode.Done))
        {
            SeedDemoCommand.EnsureAllowed(settings);
            outcomes.AddRange(await runner.RunConcurrently(services, SeedDemoCommand.Verb, asOwner: false, ct));
        }

        var failed = outcomes.Where(outcome => outcome.Code != ExitCode.Done).ToList();
        return failed.Count == 0 ? screen.End(ExitCode.Done, new { outcome = "done", missing }) : screen.End(table: null, failed, ct);
    }
}
