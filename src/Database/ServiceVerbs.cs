using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Platform.Contracts;

namespace Platform.Database;

public static class ServiceVerbs
{
    private const string Usage = """
        Without a verb it serves. Settings are given as --key=value.

          migrate [apply]          applies missing migrations, SQL functions that have changed, then the steps that follow
          migrate status           lists migrations and SQL functions; exits with 3 if one is missing or stale
          migrate plan             prints the SQL that apply would run
          migrate rollback [ID]    rolls back the last migration, or all after ID; 0 for all. Refused if facts would be lost;
                                   outside Development it requires --yes NAME, the name of the database
          verify                   looks for rows that do not add up; exits with 3 if there is one
          resync                   republishes the current state, for consumers that were added later
          seed-demo                adds data for a first look
          messages list            lists quarantined input: it can be neither read nor stored
          messages discard ID...   deletes it; --all for all

        --dry-run says what apply, rollback, resync or seed-demo would do, and changes nothing.
        --json prints one JSON document instead of lines; progress goes to standard error, prefixed with "progress: ".
        Exit codes: 0 done, 1 failed, 2 usage error or refused, 3 see above, 4 a lock was not granted, 130 stopped.
        """;

    /// <summary>More offending rows than this are not counted.</summary>
    private const int CountedRows = 1000;

    private static readonly TimeSpan DisposeWithin = TimeSpan.FromSeconds(10);

    /// <summary>Serves when <paramref name="args"/> holds settings only (<c>--key=value</c>), else does what the verb says and ends.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunService(this WebApplication app, string[] args)
    {
        var words = Words(args);
        if (words.Count == 0)
        {
            await app.RunAsync();
            // 0, unless the process has ended itself.
            return Environment.ExitCode;
        }

        try
        {
            using var stop = new CancellationTokenSource();
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOn);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOn);
            return await Run(app.Services, words, Console.Out, Console.Error, stop.Token);

            void StopOn(PosixSignalContext signal)
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        }
        finally
        {
            // A bus that lost its connection while it was being made waits for it for ever, also when it is told to stop.
            await Task.WhenAny(app.DisposeAsync().AsTask(), Task.Delay(DisposeWithin));
        }
    }

    /// <summary>Whether these arguments name a verb, so that logs belong on standard error.</summary>
    internal static bool HasVerb(IEnumerable<string> args) => Words(args) is [("migrate" or "verify" or "resync" or "seed-demo" or "messages"), ..];

    internal static async Task<int> Run(IServiceProvider services, IReadOnlyList<string> words, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        var dryRun = words.Contains("--dry-run");
        var report = new Report(words.Contains("--json"), output, errors);
        try
        {
            var code = words.Where(word => word is not ("--json" or "--dry-run")).ToList() switch
            {
                ["migrate"] or ["migrate", "apply"] => dryRun ? await Plan(services, report, ct) : await Migrate(services, report, ct),
                ["migrate", "status"] => await Status(services, report, ct),
                ["migrate", "plan"] => await Plan(services, report, ct),
                ["migrate", "rollback"] => await Rollback(services, null, null, dryRun, report, ct),
                ["migrate", "rollback", "--yes", var database] => await Rollback(services, null, database, dryRun, report, ct),
                ["migrate", "rollback", var to] => await Rollback(services, to, null, dryRun, report, ct),
                ["migrate", "rollback", var to, "--yes", var database] => await Rollback(services, to, database, dryRun, report, ct),
                ["verify"] => await Verify(services, report, ct),
                ["resync"] => await ResyncAll(services, dryRun, report, ct),
                ["seed-demo"] => await SeedDemo(services, dryRun, report, ct),
                ["messages", "list"] => await ListMessages(services, report, ct),
                ["messages", "discard", "--all"] => await DiscardMessages(services, ids: null, report, ct),
                ["messages", "discard", .. { Count: > 0 } ids] when ids.All(id => Guid.TryParse(id, out _)) =>
                    await DiscardMessages(services, [.. ids.Select(Guid.Parse)], report, ct),
                ["help" or "--help" or "-h"] => await Help(output),
                _ => ExitCode.Usage,
            };
            if (code == ExitCode.Usage)
            {
                await errors.WriteLineAsync($"'{string.Join(' ', words)}' is not understood.\n{Usage}");
            }

            return code;
        }
        // Whatever the exception: some libraries have their own for a cancelled start.
        catch (Exception) when (ct.IsCancellationRequested)
        {
            await errors.WriteLineAsync("stopped");
            return ExitCode.Stopped;
        }
        catch (Exception e)
        {
            var message = e is PostgresException p ? $"{p.SqlState}: {p.MessageText}{(p.Detail is null ? "" : $" {p.Detail}")}" : e.Message;
            report.Result(new { error = message, facts = (e as FactsWouldBeLostException)?.Lost });
            await errors.WriteLineAsync($"failed: {message}");
            return e is VerbFailedException refusal ? refusal.Code : ExitCode.Failed;
        }
    }

    private static List<string> Words(IEnumerable<string> args) =>
        [.. args.Where(arg => !(arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains('=', StringComparison.Ordinal)))];

    private static async Task<int> Help(TextWriter output)
    {
        await output.WriteLineAsync(Usage);
        return ExitCode.Done;
    }

    private static async Task<int> Migrate(IServiceProvider services, Report report, CancellationToken ct)
    {
        var steps = services.GetServices<MigrationStep>().ToList();
        var applied = new Applied([], []);
        if (services.GetService<Migrator>() is { } migrator)
        {
            var owner = services.GetRequiredKeyedService<NpgsqlDataSource>(DatabaseExtensions.Owner);
            await CompletedVerbs.Forget(owner, ct);
            applied = await migrator.Apply(report.Progress, ct, async done =>
            {
                await RunSteps(services, steps, done, report, ct);
                string[] also = services.GetServices<DemoSeed>().Any() ? [] : [CompletedVerbs.SeedDemo];
                await CompletedVerbs.Record(owner, services.GetRequiredService<TimeProvider>().GetUtcNow(), also, ct);
            });
        }
        else
        {
            await RunSteps(services, steps, applied, report, ct);
        }

        report.Result(new { applied = applied.Migrations, functions = applied.Functions, steps = steps.Select(step => step.Name) });
        return ExitCode.Done;
    }

    private static async Task RunSteps(
        IServiceProvider services, IReadOnlyList<MigrationStep> steps, Applied applied, Report report, CancellationToken ct)
    {
        if (applied.Migrations.Count == 0)
        {
            report.Progress("no migration was missing");
        }

        foreach (var step in steps)
        {
            await using var scope = services.CreateAsyncScope();
            await step.Run(scope.ServiceProvider, ct);
            report.Progress($"done: {step.Name}");
        }
    }

    private static async Task<int> Status(IServiceProvider services, Report report, CancellationToken ct)
    {
        var migrator = services.GetService<Migrator>();
        var migrations = migrator is null ? [] : await migrator.Status(ct);
        var functions = migrator is null ? [] : await migrator.FunctionStatus(ct);
        foreach (var migration in migrations)
        {
            report.Line($"{(migration.Applied ? "applied" : "missing")}  {migration.Id}");
        }

        foreach (var function in functions)
        {
            report.Line($"{(function.Current ? "applied" : "stale  ")}  {function.Name}");
        }

        report.Result(new { migrations, functions });
        return migrations.All(migration => migration.Applied) && functions.All(function => function.Current) ? ExitCode.Done : ExitCode.Differs;
    }

    private static async Task<int> Plan(IServiceProvider services, Report report, CancellationToken ct)
    {
        var migrator = services.GetService<Migrator>();
        var planned = migrator is null ? [] : await migrator.Plan(ct);
        var functions = migrator is null ? new PlannedFunctions([], []) : await migrator.PlanFunctions(ct);
        foreach (var migration in planned)
        {
            report.Line($"-- {migration.Id}");
            var inTransaction = false;
            foreach (var statement in migration.Statements)
            {
                if (statement.InTransaction != inTransaction)
                {
                    report.Line(statement.InTransaction ? "begin;" : "commit;");
                    inTransaction = statement.InTransaction;
                }

                report.Line($"{statement.Sql.TrimEnd(';')};");
            }

            report.Line(inTransaction ? "commit;\n" : "");
        }

        if (planned.Count == 0)
        {
            report.Line("-- no migration is missing");
        }

        if (functions.Names.Count > 0)
        {
            report.Line($"-- functions: {string.Join(", ", functions.Names)}\nbegin;");
            foreach (var statement in functions.Statements)
            {
                report.Line($"{statement.TrimEnd().TrimEnd(';')};");
            }

            report.Line("commit;\n");
        }

        report.Result(new { migrations = planned, functions });
        return ExitCode.Done;
    }

    private static async Task<int> Rollback(
        IServiceProvider services, string? to, string? confirmed, bool dryRun, Report report, CancellationToken ct)
    {
        if (to?.StartsWith('-') is true)
        {
            return ExitCode.Usage;
        }

        var migrator = services.GetService<Migrator>();
        if (dryRun)
        {
            var planned = migrator is null ? [] : await migrator.PlanRollback(to, ct);
            report.Line(planned.Count == 0 ? "there is nothing to roll back" : string.Join('\n', planned.Select(id => $"would roll back {id}")));
            report.Result(new { wouldTakeBack = planned });
            return ExitCode.Done;
        }

        if (migrator is not null)
        {
            if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
            {
                NotConfirmedException.ThrowUnless(services.GetRequiredService<ServiceConnections>().DatabaseName, confirmed);
            }

            await CompletedVerbs.Drop(services.GetRequiredKeyedService<NpgsqlDataSource>(DatabaseExtensions.Owner), ct);
        }

        var back = migrator is null ? [] : await migrator.Rollback(to, report.Progress, ct);
        if (back.Count == 0)
        {
            report.Progress("there was nothing to roll back");
        }

        report.Result(new { takenBack = back });
        return ExitCode.Done;
    }

    private static async Task<int> Verify(IServiceProvider services, Report report, CancellationToken ct)
    {
        var checks = new List<object>();
        var differs = false;
        foreach (var check in services.GetServices<Verification>())
        {
            await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(ct);
            await using var command = new NpgsqlCommand(check.OffendingRowsSql, connection) { CommandTimeout = 0 };
            await using var rows = await command.ExecuteReaderAsync(ct);
            Dictionary<string, object?>? first = null;
            var count = 0;
            for (; count <= CountedRows && await rows.ReadAsync(ct); count++)
            {
                first ??= Read(rows);
            }

            differs |= count > 0;
            checks.Add(new { check.Name, rows = count, first });
            report.Line(first is null ? $"ok      {check.Name}" : $"DIFFERS {check.Name}: {Describe(count, first)}");
        }

        if (checks.Count == 0)
        {
            report.Line("this service has nothing to verify");
        }

        report.Result(new { checks });
        return differs ? ExitCode.Differs : ExitCode.Done;
    }

    private static string Describe(int count, Dictionary<string, object?> first)
    {
        var rows = count > CountedRows ? $"more than {CountedRows} rows" : count == 1 ? "1 row" : $"{count} rows";
        return $"{rows}, the first is {string.Join(", ", first.Select(column => $"{column.Key} {column.Value ?? "null"}"))}";
    }

    private static Dictionary<string, object?> Read(NpgsqlDataReader row)
    {
        var columns = new Dictionary<string, object?>();
        for (var i = 0; i < row.FieldCount; i++)
        {
            // Two columns of one name are the query's own fault; the first is enough to find the row.
            columns.TryAdd(row.GetName(i), row.IsDBNull(i) ? null : row.GetValue(i));
        }

        return columns;
    }

    private static Task<int> ResyncAll(IServiceProvider services, bool dryRun, Report report, CancellationToken ct) => RunEach(
        services, dryRun, report, "resync", "published",
        [.. services.GetServices<Resync>().Select(resync => (resync.Name, resync.Publish, resync.CountSql))], ct);

    private static async Task<int> SeedDemo(IServiceProvider services, bool dryRun, Report report, CancellationToken ct)
    {
        var code = await RunEach(
            services, dryRun, report, "seed-demo", "added", [.. services.GetServices<DemoSeed>().Select(seed => (seed.Name, seed.Seed, (string?)null))], ct);
        if (!dryRun && services.GetService<NpgsqlDataSource>() is { } database)
        {
            await CompletedVerbs.RecordDemo(database, services.GetRequiredService<TimeProvider>().GetUtcNow(), ct);
        }

        return code;
    }

    private static async Task<long?> Count(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<int> RunEach(
        IServiceProvider services, bool dryRun, Report report, string verb, string participle,
        IReadOnlyList<(string Name, Func<IServiceProvider, CancellationToken, Task<long>> Run, string? CountSql)> parts, CancellationToken ct)
    {
        var counts = new List<object>();
        foreach (var (name, run, countSql) in parts)
        {
            if (dryRun)
            {
                var would = countSql is null ? null : await Count(services.GetRequiredService<NpgsqlDataSource>(), countSql, ct);
                counts.Add(new { name, count = would });
                report.Line(would is null ? $"{name}: would be {participle}" : $"{name}: {would} would be {participle}");
                continue;
            }

            await using var scope = services.CreateAsyncScope();
            var count = await run(scope.ServiceProvider, ct);
            counts.Add(new { name, count = (long?)count });
            report.Progress($"{name}: {count} {participle}");
        }

        if (parts.Count == 0)
        {
            report.Line($"this service has nothing for {verb}");
        }

        report.Result(new { parts = counts });
        return ExitCode.Done;
    }

    private static async Task<int> ListMessages(IServiceProvider services, Report report, CancellationToken ct)
    {
        var messages = services.GetService<QuarantinedMessages>() is { } quarantined ? await quarantined.List(services, ct) : [];
        foreach (var message in messages)
        {
            report.Line($"{message.Id}  {message.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {message.What}: {message.Reason}");
        }

        if (messages.Count == 0)
        {
            report.Line("no quarantined messages");
        }

        report.Result(new { messages });
        return ExitCode.Done;
    }

    private static async Task<int> DiscardMessages(IServiceProvider services, IReadOnlyCollection<Guid>? ids, Report report, CancellationToken ct)
    {
        var discarded = services.GetService<QuarantinedMessages>() is { } quarantined ? await quarantined.Discard(services, ids, ct) : [];
        var unknown = ids?.Except(discarded).ToList() ?? [];
        var error = unknown.Count == 0 ? null : $"No quarantined message has the id {string.Join(", ", unknown)}.";
        report.Line($"discarded {discarded.Count}");
        if (error is not null)
        {
            report.Line(error);
        }

        report.Result(new { discarded, unknown, error });
        return unknown.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private sealed class Report(bool json, TextWriter output, TextWriter errors)
    {
        private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

        public void Line(string line)
        {
            if (!json)
            {
                output.WriteLine(line);
            }
        }

        /// <summary>Progress, which is not part of the JSON document.</summary>
        public void Progress(string line)
        {
            if (json)
            {
                errors.WriteLine($"progress: {line}");
            }
            else
            {
                output.WriteLine(line);
            }
        }

        public void Result(object result)
        {
            if (json)
            {
                output.WriteLine(JsonSerializer.Serialize(result, Options));
            }
        }
    }
}

/// <summary>Outside Development, a rollback must name the database.</summary>
internal sealed class NotConfirmedException : VerbFailedException
{
    private NotConfirmedException(string message)
        : base(message, ExitCode.Usage)
    {
    }

    public static void ThrowUnless(string database, string? confirmed)
    {
        if (confirmed != database)
        {
            throw new NotConfirmedException(confirmed is null
                ? "This is not Development: rolling back takes --yes and the name of the database."
                : $"{confirmed} is not the name of the database. Nothing was changed.");
        }
    }
}
