using System.Text.Json;
using Platform.Contracts;
using Platform.Ops.Provision;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Migrate;

/// <summary>Applies roles and schemas, then the migrations: users first, since all others read its token keys, and none after a failure.</summary>
internal static class MigrateApply
{
    public static async Task<int> Run(PlatformSettings settings, string[] names, Screen screen, CancellationToken ct)
    {
        var services = settings.Services(names);
        await ProvisionCommand.Ensure(settings, screen, ct);
        await using var migrationLock = await MigrationLock.Acquire(settings.Owner(services[0].Service), ct);

        var runner = new ServiceRunner(settings, screen);
        screen.Say("checking for missing migrations");
        var before = await runner.RunConcurrently(services, MigrateStatus.Verb, asOwner: true, ct);
        if (before.Any(outcome => outcome.Answer is null))
        {
            return screen.End(Table(before, "status"), before, ct);
        }

        screen.Say("applying missing migrations");
        var outcomes = await runner.RunInOrder(
            services, ["migrate", "apply"], asOwner: true, ct, stepsOf: service => Missing(before, service), step: "applied ");
        var back = outcomes.All(outcome => outcome.Code == ExitCode.Done) ? [] : await RollbackCommands(runner, services, before, outcomes);
        var code = screen.End(Table(outcomes, "migrations applied"), outcomes, ct, new Dictionary<string, object> { ["goBack"] = back });
        if (back.Count > 0)
        {
            screen.Say(
                "The migration that failed has left nothing behind. Migrations that this run applied before it stay. To roll them back, run in this order:\n  "
                + string.Join("\n  ", back));
        }

        return code;
    }

    private static Spectre.Console.Table Table(IReadOnlyList<ServiceOutcome> outcomes, string what)
    {
        var table = Screen.Table("service", "outcome", "time", what);
        foreach (var outcome in outcomes)
        {
            table.AddTexts(
                outcome.Service, outcome.Name, outcome.Code is null ? "" : Screen.Seconds(outcome.Milliseconds),
                outcome.Error ?? string.Join('\n', AppliedBy(outcome)));
        }

        return table;
    }

    private static IEnumerable<string> AppliedBy(ServiceOutcome outcome) =>
        outcome.Answer is { } answer && answer.TryGetProperty("applied", out var applied)
            ? applied.Deserialize<List<Applied>>(JsonSerializerOptions.Web)!.Select(migration => $"{migration.Id} ({migration.Milliseconds} ms)")
                .Concat(answer.GetProperty("functions").Deserialize<List<string>>()!)
                .DefaultIfEmpty("none was missing")
            : [];

    private static int Missing(IEnumerable<ServiceOutcome> before, string service) =>
        Migrations.Missing(before.Single(outcome => outcome.Service == service)).Count;

    /// <returns>The commands that undo this run, last service first.</returns>
    private static async Task<IReadOnlyList<string>> RollbackCommands(
        ServiceRunner runner, IReadOnlyList<ServiceProgram> services, IReadOnlyList<ServiceOutcome> before, IReadOnlyList<ServiceOutcome> outcomes)
    {
        var run = services.Zip(outcomes).Where(pair => pair.Second.Code is not null).Select(pair => pair.First).ToList();
        // Not cancelled: after an interruption the operator needs to know where things stand.
        var after = await runner.RunConcurrently(run, MigrateStatus.Verb, asOwner: true, CancellationToken.None);
        return
        [
            .. from now in after.Reverse()
               let then = before.Single(outcome => outcome.Service == now.Service)
               // A service that no longer answers is listed too.
               where now.Answer is null || LastOf(now) != LastOf(then)
               select $"platform migrate rollback {now.Service} --to {LastOf(then) ?? "0"}",
        ];
    }

    private static string? LastOf(ServiceOutcome status) => Migrations.Of(status).LastOrDefault(migration => migration.Applied)?.Id;

    private sealed record Applied(string Id, long Milliseconds);
}
