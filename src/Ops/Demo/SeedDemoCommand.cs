using System.CommandLine;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Demo;

internal static class SeedDemoCommand
{
    public static Command Create()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var dryRun = Switches.DryRun("Show what would be added; add nothing.");
        var command = new Command("seed-demo", "Adds people, courses and a year of orders for a first look. Safe to repeat; Development only.")
        {
            services, dryRun, json,
        };
        command.SetHandler(json,
            (parsed, screen, ct) => Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, parsed.GetValue(dryRun), screen, ct));
        return command;
    }

    public static readonly string[] Verb = ["seed-demo"];

    /// <exception cref="UsageException">This is not a development platform.</exception>
    public static void EnsureAllowed(PlatformSettings settings)
    {
        if (!settings.IsDevelopment)
        {
            throw new UsageException("Demo data is for Development only: DOTNET_ENVIRONMENT is not Development.");
        }
    }

    private static async Task<int> Run(PlatformSettings settings, string[] services, bool dryRun, Screen screen, CancellationToken ct)
    {
        EnsureAllowed(settings);
        string[] verb = [.. Verb, .. dryRun ? (string[])["--dry-run"] : []];
        var outcomes = await new ServiceRunner(settings, screen).RunInOrder(settings.Services(services), verb, asOwner: false, ct);
        return screen.End(Part.Table(outcomes, dryRun ? "would add" : "added", "nothing to add"), outcomes, ct);
    }
}
