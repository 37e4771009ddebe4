using System.CommandLine;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

internal static class MigrateCommand
{
    public static Command Create() => new("migrate", "Shows, applies or rolls back the services' migrations.")
    {
        Status(), Plan(), Apply(), Rollback(),
    };

    private static Command Status()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var command = new Command("status",
            "Counts applied migrations and SQL functions and lists missing ones. Exits with 3 when one is missing.") { services, json };
        command.SetHandler(json, (parsed, screen, ct) => MigrateStatus.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct));
        return command;
    }

    private static Command Plan()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var command = new Command("plan", "Prints the SQL that apply would run.") { services, json };
        command.SetHandler(json, (parsed, screen, ct) => MigratePlan.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct));
        return command;
    }

    private static Command Apply()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var dryRun = Switches.DryRun("Print the SQL; change nothing.");
        var command = new Command("apply",
            "Provisions if necessary, then applies missing migrations, users first. Stops at the first failure. Only one run at a time.")
        {
            services, dryRun, json,
        };
        command.SetHandler(json, (parsed, screen, ct) => parsed.GetValue(dryRun)
            ? MigratePlan.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct)
            : MigrateApply.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct));
        return command;
    }

    private static Command Rollback()
    {
        var json = Switches.Json();
        var service = new Argument<string>("service") { Description = $"One of {string.Join(", ", PlatformSettings.AllServices)}." };
        var to = new Option<string?>("--to")
            { Description = "Migration to go back to; it stays applied. 0 rolls back all of them. Default: only the last one." };
        var yes = new Option<string?>("--yes") { Description = "Name of the database, instead of typing it when asked outside Development." };
        var dryRun = Switches.DryRun("Show which would be rolled back; change nothing.");
        var command = new Command("rollback",
            "Rolls back migrations of one service. Refused when facts would be lost, such as payments, points, consents or memberships.")
        {
            service, to, yes, dryRun, json,
        };
        command.SetHandler(json, (parsed, screen, ct) => MigrateRollback.Run(
            PlatformSettings.FromEnvironment(), parsed.GetValue(service)!, parsed.GetValue(to), parsed.GetValue(yes), parsed.GetValue(dryRun), screen, ct));
        return command;
    }
}
