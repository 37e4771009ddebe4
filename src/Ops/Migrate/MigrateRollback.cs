using System.Text.Json;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

internal static class MigrateRollback
{
    public static async Task<int> Run(PlatformSettings settings, string service, string? to, bool dryRun, Screen screen, CancellationToken ct)
    {
        var programs = settings.Services([service]);
        string[] verb = ["migrate", "rollback", .. to is null ? [] : (string[])[to]];
        var runner = new ServiceRunner(settings, screen);
        if (dryRun)
        {
            var planned = await runner.DoAtOnce(programs, [.. verb, "--dry-run"], asOwner: true, ct);
            return screen.End(Table(planned, "wouldTakeBack", "would take back"), planned, ct);
        }

        await using var turn = await MigrationTurn.Take(settings.Owner(service), ct);
        var outcomes = await runner.DoInOrder(programs, verb, asOwner: true, ct);
        return screen.End(Table(outcomes, "takenBack", "taken back"), outcomes, ct);
    }

    private static Spectre.Console.Table Table(IReadOnlyList<ServiceOutcome> outcomes, string property, string what)
    {
        var table = Screen.Table("service", "outcome", what);
        foreach (var outcome in outcomes)
        {
            table.AddTexts(outcome.Service, outcome.Name, outcome.Error ?? string.Join('\n', Ids(outcome, property)));
        }

        return table;
    }

    private static IEnumerable<string> Ids(ServiceOutcome outcome, string property) =>
        outcome.Answer?.GetProperty(property).Deserialize<List<string>>()!.DefaultIfEmpty("nothing") ?? [];
}
