using System.CommandLine;
using Npgsql;
using Platform.Contracts;
using Platform.Ops.Provision;
using Platform.Ops.Services;
using Platform.Ops.Terminal;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Ops.Ready;

/// <summary>Checks in about a second, without starting services, whether <c>provision</c>, <c>migrate</c> and <c>seed-demo</c> are complete.</summary>
/// <remarks>When in doubt it reports something missing, which is safe to complete again. It does not notice what was removed by hand.</remarks>
internal static class ReadyCommand
{
    private const string Migrate = "migrate";
    private const string SeedDemo = "seed-demo";

    public static Command Create()
    {
        var json = Switches.Json();
        var demo = new Option<bool>("--demo") { Description = "Also require the demo data.", Arity = ArgumentArity.Zero };
        var command = new Command("ready",
            "Checks quickly whether roles, migrations, partitions and queues are complete for the installed programs. "
            + "Exits with 3 and lists what is missing otherwise.")
        {
            demo, json,
        };
        command.SetHandler(json, (parsed, screen, ct) => Run(PlatformSettings.FromEnvironment(), parsed.GetValue(demo), screen, ct));
        return command;
    }

    private static async Task<int> Run(PlatformSettings settings, bool demo, Screen screen, CancellationToken ct)
    {
        var missing = await Missing(settings, demo, ct);
        screen.Show(missing.Count == 0 ? "ready" : string.Join('\n', missing.Select(part => $"missing: {part}")));
        var code = missing.Count == 0 ? ExitCode.Done : ExitCode.Differs;
        return screen.End(code, new { outcome = ExitCodes.NameOf(code), missing });
    }

    /// <returns>What is still missing, in words.</returns>
    public static async Task<IReadOnlyList<string>> Missing(PlatformSettings settings, bool demo, CancellationToken ct)
    {
        var services = settings.Services([]);
        var queues = MissingQueues(settings.Broker, services, ct);
        var missing = new List<string>(await Provisioning.Outdated(settings.Server, settings.Logins, ct));
        // Without its roles no service can be checked.
        if (missing.Count == 0)
        {
            var incomplete = services.Select(service => Incomplete(service, settings.Serving(service.Service), demo, ct));
            missing.AddRange((await Task.WhenAll(incomplete)).SelectMany(verbs => verbs));
        }

        missing.AddRange(await queues);
        return missing;
    }

    private static async Task<IReadOnlyList<string>> Incomplete(ServiceProgram service, string login, bool demo, CancellationToken ct)
    {
        var build = await Task.Run(() => service.Build, ct);
        var completed = await Completed(service.Service, login, ct);
        return
        [
            .. from verb in demo ? (string[])[Migrate, SeedDemo] : [Migrate]
               where build is null || !completed.TryGetValue(verb, out var run) || run.Build != build
                   // Each month's migrate creates the partitions of the next twelve months.
                   || (verb == Migrate && !SameMonth(run.At, TimeProvider.System.GetUtcNow()))
               select $"{service.Service} {verb}",
        ];
    }

    private static bool SameMonth(DateTimeOffset at, DateTimeOffset now) =>
        (at.UtcDateTime.Year, at.UtcDateTime.Month) == (now.UtcDateTime.Year, now.UtcDateTime.Month);

    private static async Task<IReadOnlyDictionary<string, Completion>> Completed(string service, string login, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(login) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"select verb, build, at from {service}.__completed", connection);
        var completed = new Dictionary<string, Completion>();
        try
        {
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                completed[rows.GetString(0)] = new Completion(rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2));
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
        }

        return completed;
    }

    private static async Task<IReadOnlyList<string>> MissingQueues(Uri broker, IEnumerable<ServiceProgram> services, CancellationToken ct)
    {
        await using var connection = await BrokerConnection.Open(broker, "platform ready", ct);
        var missing = new List<string>();
        foreach (var service in services)
        {
            // On its own channel: asking for a queue that does not exist closes the channel.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            try
            {
                await channel.QueueDeclarePassiveAsync(service.Service, ct);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                missing.Add($"queue {service.Service}");
            }
        }

        return missing;
    }

    private sealed record Completion(string Build, DateTimeOffset At);
}
