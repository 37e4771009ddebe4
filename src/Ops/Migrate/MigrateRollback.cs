using System.Text.Json;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

internal static class MigrateRollback
{
    /// <param name="yes">The name of the database; null to ask for it.</param>
    public static async Task<int> Run(PlatformSettings settings, string service, string? to, string? yes, bool dryRun, Screen screen, CancellationToken ct)
    {
        var programs = settings.Services([service]);
        string[] verb = ["migrate", "rollback", .. to is null ? [] : (string[])[to]];
        var runner = new ServiceRunner(settings, screen);
        if (dryRun)
        {
            var planned = await runner.RunConcurrently(programs, [.. verb, "--dry-run"], asOwner: true, ct);
            return End(screen, planned, "wouldTakeBack", "would roll back", ct);
        }

        if (!settings.IsDevelopment)
        {
            Confirm(settings.DatabaseName, service, yes, screen);
            verb = [.. verb, "--yes", settings.DatabaseName];
        }

        await using var migrationLock = await MigrationLock.Acquire(settings.Owner(service), ct);
        var outcomes = await runner.RunInOrder(programs, verb, asOwner: true, ct);
        return End(screen, outcomes, "takenBack", "rolled back", ct);
    }

    /// <exception cref="UsageException">The name is missing or wrong.</exception>
    private static void Confirm(string database, string service, string? yes, Screen screen)
    {
        if (yes is null)
        {
            if (Console.IsInputRedirected)
            {
                throw new UsageException("Outside Development, rollback needs --yes with the name of the database. Nothing was changed.");
            }

            screen.Ask($"Rolling back {service} in the database {database}. Type the name of the database to continue: ");
            yes = Console.In.ReadLine()?.Trim();
        }

        if (yes != database)
        {
            throw new UsageException($"'{yes}' is not the name of the database. Nothing was changed.");
        }
    }

    private static int End(Screen screen, IReadOnlyList<ServiceOutcome> outcomes, string property, string what, CancellationToken ct)
    {
        if (outcomes.Any(outcome => outcome.Answer is null))
        {
            // The error is a sentence, too long for a column.
            return screen.End(table: null, outcomes, ct);
        }

        var table = Screen.Table("service", "outcome", what);
        foreach (var outcome in outcomes)
        {
            table.AddTexts(outcome.Service, outcome.Name, string.Join('\n', Ids(outcome, property)));
        }

        return screen.End(table, outcomes, ct);
    }

    private static IEnumerable<string> Ids(ServiceOutcome outcome, string property) =>
        outcome.Answer!.Value.GetProperty(property).Deserialize<List<string>>()!.DefaultIfEmpty("nothing");
}
