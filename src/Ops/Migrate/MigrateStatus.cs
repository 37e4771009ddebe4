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

            var missing = Migrations.Missing(outcome);
            var all = Migrations.Of(outcome).Count + Migrations.FunctionsOf(outcome).Count;
            table.AddTexts(outcome.Service, Screen.Number(all - missing.Count), Screen.Number(missing.Count), string.Join('\n', missing));
        }

        return screen.End(table, outcomes, ct);
    }
}
