using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Platform.Benchmarks.Platform;

/// <summary>
/// The processes that were started, the last first to be stopped. Each writes into a file of its own: a pipe would be read here,
/// while this process is busy with measuring.
/// </summary>
internal sealed class Processes(string logs) : IAsyncDisposable
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(20);

    private readonly ConcurrentStack<Process> _running = new();

    /// <param name="environment">Beyond this process's own; a colon in a name is a setting's, <c>ConnectionStrings:database</c>.</param>
    /// <param name="folder">In which it starts; this process's own when left out.</param>
    public Process Start(string name, IEnumerable<string> command, IEnumerable<KeyValuePair<string, string>> environment, string? folder = null)
    {
        Directory.CreateDirectory(logs);
        var start = new ProcessStartInfo("bash", ["-c", "exec \"$@\" > \"$0\" 2>&1 < /dev/null", LogOf(name), .. command])
        {
            WorkingDirectory = folder,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        _running.Push(process);
        return process;
    }

    /// <summary>Starts a program of this repository where its <c>appsettings.json</c> lies: <c>dotnet [program] [words]</c>.</summary>
    public Process StartProgram(string name, string program, IEnumerable<string> words, IEnumerable<KeyValuePair<string, string>> environment) =>
        Start(name, [Environment.ProcessPath!, program, .. words], environment, Path.GetDirectoryName(program));

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    public async Task RunProgram(
        string name, string program, IEnumerable<string> words, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken ct)
    {
        var process = StartProgram(name, program, words, environment);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {await File.ReadAllTextAsync(LogOf(name), ct)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var process))
        {
            using (process)
            {
                await Stop(process);
            }
        }
    }

    private static async Task Stop(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(StopsWithin);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private string LogOf(string name) => Path.Combine(logs, $"{name}.out");
}
