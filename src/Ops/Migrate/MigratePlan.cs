using System.Text.Json;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

internal static class MigratePlan
{
    public static async Task<int> Run(PlatformSettings settings, string[] services, Screen screen, CancellationToken ct)
    {
        var outcomes = await new ServiceRunner(settings, screen).RunConcurrently(settings.Services(services), ["migrate", "plan"], asOwner: true, ct);
        foreach (var outcome in outcomes)
        {
            if (outcome.Answer is not { } answer)
            {
                screen.Show($"-- {outcome.Service}: {outcome.Name}");
                continue;
            }

            var planned = answer.GetProperty("migrations").Deserialize<List<Planned>>(JsonSerializerOptions.Web)!;
            screen.Show($"-- {outcome.Service}: {(planned.Count == 0 ? "no migration is missing" : $"{Screen.Number(planned.Count)} to apply")}");
            foreach (var migration in planned)
            {
                Show(migration, screen);
            }

            Show(answer.GetProperty("functions").Deserialize<Functions>(JsonSerializerOptions.Web)!, screen);
        }

        return screen.End(table: null, outcomes, ct);
    }

    // In transactions, as psql would run them, except for statements that cannot be in one.
    private static void Show(Planned migration, Screen screen)
    {
        screen.Show($"-- {migration.Id}");
        var inTransaction = false;
        foreach (var statement in migration.Statements)
        {
            if (statement.InTransaction != inTransaction)
            {
                screen.Show(statement.InTransaction ? "begin;" : "commit;");
                inTransaction = statement.InTransaction;
            }

            screen.Show($"{statement.Sql.TrimEnd(';')};");
        }

        screen.Show(inTransaction ? "commit;\n" : "");
    }

    private static void Show(Functions functions, Screen screen)
    {
        if (functions.Names.Count == 0)
        {
            return;
        }

        screen.Show($"-- functions: {string.Join(", ", functions.Names)}\nbegin;");
        foreach (var statement in functions.Statements)
        {
            screen.Show($"{statement.TrimEnd().TrimEnd(';')};");
        }

        screen.Show("commit;\n");
    }

    private sealed record Functions(IReadOnlyList<string> Names, IReadOnlyList<string> Statements);

    private sealed record Planned(string Id, IReadOnlyList<Statement> Statements);

    private sealed record Statement(string Sql, bool InTransaction);
}
