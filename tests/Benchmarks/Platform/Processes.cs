using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Platform.Benchmarks.Platform;

/// <summary>
/// The started processes, stopped in reverse order. Each writes to its own file: reading pipes would disturb this process
/// while it measures.
/// </summary>
internal sealed class Processes(string logs) : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly ConcurrentStack<Process> _running = new();

    /// <param name="environment">Added to this process's environment; a colon in a name separates sections, as in <c>ConnectionStrings:database</c>.</param>
    /// <param name="folder">Working directory; default: this process's own.</param>
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

    /// <summary>Starts a program of this repository in the folder of its <c>appsettings.json</c>: <c>dotnet [program] [words]</c>.</summary>
    public Process StartProgram(string name, string program, IEnumerable<string> words, IEnumerable<KeyValuePair<string, string>> environment) =>
        Start(name, [Environment.ProcessPath!, program, .. words], environment, Path.GetDirectoryName(program));

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It did not exit with 0.</exception>
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
        using var timeout = new CancellationTokenSource(StopTimeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private string LogOf(string name) => Path.Combine(logs, $"{name}.out");
}
