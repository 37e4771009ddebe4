using System.CommandLine;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

internal static class MigrateCommand
{
    public static Command Create() => new("migrate", "Looks at the services' migrations, applies them or takes them back.")
    {
        Status(), Plan(), Apply(), Rollback(),
    };

    private static Command Status()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var command = new Command("status", "Lists what is applied and what is not. Ends with 3 when something is not.") { services, json };
        command.Does(json, (parsed, screen, ct) => MigrateStatus.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct));
        return command;
    }

    private static Command Plan()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var command = new Command("plan", "Prints the SQL that apply would run.") { services, json };
        command.Does(json, (parsed, screen, ct) => MigratePlan.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct));
        return command;
    }

    private static Command Apply()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var dryRun = Switches.DryRun("Print the SQL, and change nothing.");
        var command = new Command("apply",
            "Provisions, then applies what is missing: users first, the others after it, none after one that failed. One runner at a time.")
        {
            services, dryRun, json,
        };
        command.Does(json, (parsed, screen, ct) => parsed.GetValue(dryRun)
            ? MigratePlan.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct)
            : MigrateApply.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct));
        return command;
    }

    private static Command Rollback()
    {
        var json = Switches.Json();
        var service = new Argument<string>("service") { Description = $"One of {string.Join(", ", PlatformSettings.AllServices)}." };
        var to = new Option<string?>("--to") { Description = "The migration to go back to, which stays applied; 0 for none. Without it the last one is taken back." };
        var dryRun = Switches.DryRun("Say which would be taken back, and change nothing.");
        var command = new Command("rollback", "Takes back migrations of one service, and with them the data in what they made.") { service, to, dryRun, json };
        command.Does(json, (parsed, screen, ct) => MigrateRollback.Run(
            PlatformSettings.FromEnvironment(), parsed.GetValue(service)!, parsed.GetValue(to), parsed.GetValue(dryRun), screen, ct));
        return command;
    }
}
