using System.CommandLine;
using System.Text.Json;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Verify;

internal static class VerifyCommand
{
    public static Command Create()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var command = new Command("verify", "Checks that the data of every service adds up. Exits with 3 if it does not. Changes nothing.") { services, json };
        command.SetHandler(json, (parsed, screen, ct) => Run(PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, screen, ct));
        return command;
    }

    private static async Task<int> Run(PlatformSettings settings, string[] services, Screen screen, CancellationToken ct)
    {
        var outcomes = await new ServiceRunner(settings, screen).RunConcurrently(settings.Services(services), ["verify"], asOwner: false, ct);

        var table = Screen.Table("service", "result", "check");
        foreach (var outcome in outcomes)
        {
            var checks = outcome.Answer?.GetProperty("checks").Deserialize<List<Check>>(JsonSerializerOptions.Web) ?? [];
            foreach (var check in checks)
            {
                table.AddTexts(
                    outcome.Service, check.First is null ? "ok" : "DIFFERS",
                    check.First is null ? check.Name : $"{check.Name}: {Rows(check.Rows)}, the first is {Describe(check.First)}");
            }

            if (outcome.Answer is null)
            {
                table.AddTexts(outcome.Service, outcome.Name, outcome.Error ?? "");
            }
            else if (checks.Count == 0)
            {
                table.AddTexts(outcome.Service, "", "nothing to verify");
            }
        }

        return screen.End(table, outcomes, ct);
    }

    private static string Rows(long count) => count switch
    {
        1 => "1 row",
        // A service stops counting there.
        > 1000 => "more than 1000 rows",
        _ => $"{Screen.Number(count)} rows",
    };

    private static string Describe(IReadOnlyDictionary<string, JsonElement> row) => string.Join(", ", row.Select(column => $"{column.Key} {column.Value}"));

    private sealed record Check(string Name, long Rows, IReadOnlyDictionary<string, JsonElement>? First);
}
