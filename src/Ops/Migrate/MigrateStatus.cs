using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

internal static class MigrateStatus
{
    public static readonly string[] Verb = ["migrate", "status"];

    public static async Task<int> Run(PlatformSettings settings, string[] services, Screen screen, CancellationToken ct)
    {
        var outcomes = await new ServiceRunner(settings, screen).RunConcurrently(settings.Services(services), Verb, asOwner: true, ct);

        var table = Screen.Table("service", "applied", "missing", "what is missing");
        foreach (var outcome in outcomes)
        {
            if (outcome.Answer is null)
            {
                table.AddTexts(outcome.Service, "?", "?", outcome.Error ?? outcome.Name);
                continue;
            }

            var missing = Migrations.Of(outcome).Where(migration => !migration.Applied).Select(migration => migration.Id).ToList();
            table.AddTexts(
                outcome.Service, Screen.Number(Migrations.Of(outcome).Count - missing.Count), Screen.Number(missing.Count), string.Join('\n', missing));
        }

        return screen.End(table, outcomes, ct);
    }
}
