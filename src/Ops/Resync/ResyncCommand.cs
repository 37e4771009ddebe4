using System.CommandLine;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Resync;

internal static class ResyncCommand
{
    public static Command Create()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var dryRun = Switches.DryRun("Count what would be published; publish nothing.");
        var command = new Command("resync",
            "Publishes the services' state again, for a consumer that was added later or lost data. Already known versions are skipped.")
        {
            services, dryRun, json,
        };
        command.SetHandler(json,
            (parsed, screen, ct) => Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, parsed.GetValue(dryRun), screen, ct));
        return command;
    }

    private static async Task<int> Run(PlatformSettings settings, string[] services, bool dryRun, Screen screen, CancellationToken ct)
    {
        string[] verb = ["resync", .. dryRun ? (string[])["--dry-run"] : []];
        var outcomes = await new ServiceRunner(settings, screen).RunInOrder(settings.Services(services), verb, asOwner: false, ct);
        return screen.End(Part.Table(outcomes, dryRun ? "would publish" : "published", "nothing to publish"), outcomes, ct);
    }
}
