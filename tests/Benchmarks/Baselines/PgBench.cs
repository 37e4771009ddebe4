using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Benchmarks.Load;
using Platform.Benchmarks.Platform;

namespace Platform.Benchmarks.Baselines;

/// <summary>
/// PostgreSQL's own load generator with billing's deduction statement, prepared, with a new idempotency key each time: what
/// the database alone can do.
/// </summary>
internal sealed partial class PgBench(MeasuredPlatform platform, int users, Settings settings)
{
    private const int Threads = 2;

    private static readonly string Script = $"""
        select * from deduct_credits(:person, 0.01, '{Population.Operation}', '{Rows.Deduction.Metadata}', null, true, 5,
            gen_random_uuid()::text, '\x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'::bytea, now());
        """;

    /// <summary>The better of 8 and 32 clients.</summary>
    public async Task<Measurement> DeductBest(CancellationToken ct)
    {
        await Run(8, settings.WarmUp, ct);
        var few = await Run(8, settings.Measure, ct);
        var many = await Run(32, settings.Measure, ct);
        return few.PerSecond > many.PerSecond ? few : many;
    }

    private async Task<Measurement> Run(int clients, TimeSpan time, CancellationToken ct)
    {
        var role = platform.RoleOf("billing");
        var newest = Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last();
        var start = new ProcessStartInfo(Path.Combine(newest, "bin", "pgbench"))
        {
            ArgumentList =
            {
                "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Threads}", $"--time={time.TotalSeconds:0}", "--file=-",
                $"--host={role.Host}", $"--port={role.Port}", $"--username={role.Username}", role.Database!,
            },
            Environment = { ["PGPASSWORD"] = role.Password },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var pgbench = Process.Start(start)!;
        await pgbench.StandardInput.WriteAsync($"\\set person random(1, {users})\n{Script}\n".AsMemory(), ct);
        pgbench.StandardInput.Close();
        var errors = pgbench.StandardError.ReadToEndAsync(ct);
        var output = await pgbench.StandardOutput.ReadToEndAsync(ct);
        await pgbench.WaitForExitAsync(ct);
        return Tps().Match(output) is { Success: true } tps
            ? new Measurement(double.Parse(tps.Groups[1].Value, CultureInfo.InvariantCulture), null, null)
            : throw new InvalidOperationException($"pgbench ended with {pgbench.ExitCode}: {output}{await errors}");
    }

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex Tps();
}
