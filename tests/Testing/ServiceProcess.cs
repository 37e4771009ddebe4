using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Platform.Testing;

/// <summary>A program's exit code and its output, both streams together.</summary>
public sealed record ProcessOutcome(int ExitCode, string Output);

/// <summary>A service as a process that a test can kill and restart on the same port. With <c>Time:Offset</c>, several can share a clock.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly Dictionary<string, string> _settings;
    private readonly StringBuilder _output = new();
    private readonly HttpClient _client;
    private Process? _process;

    private ServiceProcess(string service, string program, int port, Dictionary<string, string> settings)
    {
        (Service, _program, _settings) = (service, program, settings);
        Address = new Uri($"http://127.0.0.1:{port}");
        _client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public string Service { get; }

    public Uri Address { get; }

    public int Id => Running.Id;

    public bool HasExited => _process is not { HasExited: false };

    public int LastExitCode => Running.ExitCode;

    /// <summary>Its output so far, including earlier starts.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private Process Running => _process ?? throw new InvalidOperationException($"{Service} is not running.");

    /// <summary>Starts the service and waits until it is ready.</summary>
    /// <param name="settings">Configuration keys (<c>ConnectionStrings:database</c>) or environment variables. The last one wins.</param>
    /// <param name="port">From <see cref="Ports.Free"/>, for a port that other processes must know first.</param>
    public static async Task<ServiceProcess> Start(
        string service, IEnumerable<KeyValuePair<string, string>> settings, CancellationToken ct, int? port = null)
    {
        var all = new Dictionary<string, string>();
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var process = new ServiceProcess(service, Repository.ServiceProgram(service), port ?? Ports.Free(), all);
        try
        {
            await process.Restart(ct);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same with the database and broker of the test.</summary>
    public static Task<ServiceProcess> Start(
        string service, TestDatabase database, VirtualHost broker, CancellationToken ct, params IEnumerable<KeyValuePair<string, string>> settings) =>
        Start(service, [.. ServiceSettings.Of(service, database, broker.Address), .. settings], ct);

    /// <summary>Runs a program to its end: a service's verb, or <c>platform</c>.</summary>
    /// <param name="program">Path of the .dll, from <see cref="Repository.Program"/>.</param>
    public static async Task<ProcessOutcome> Run(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> settings, TimeSpan within)
    {
        var output = new StringBuilder();
        using var process = Launch(program, arguments, settings, output);
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (output)
            {
                throw new TimeoutException($"{Path.GetFileName(program)} did not end within {within}:\n{output}");
            }
        }

        lock (output)
        {
            return new ProcessOutcome(process.ExitCode, output.ToString());
        }
    }

    /// <param name="token">Null for an anonymous caller.</param>
    public HttpClient Client(string? token)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task Kill()
    {
        Running.Kill(entireProcessTree: true);
        await Running.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Stops it as a deployment does: sends SIGTERM and waits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop(CancellationToken ct)
    {
        using var kill = Process.Start("kill", ["-TERM", Running.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(ct);
        await Running.WaitForExitAsync(ct);
        return Running.ExitCode;
    }

    /// <summary>Starts it again on the same port, with the same settings, and waits until it is ready.</summary>
    public async Task Restart(CancellationToken ct)
    {
        if (!HasExited)
        {
            throw new InvalidOperationException($"{Service} is running.");
        }

        _process?.Dispose();
        _process = Launch(_program, [], _settings.Append(new("ASPNETCORE_URLS", Address.ToString())), _output);
        await Eventually.Get(
            async () =>
            {
                if (_process.HasExited)
                {
                    return "ended";
                }

                using var ready = await _client.GetAsync("/health/ready", ct);
                return ready.IsSuccessStatusCode ? "ready" : $"{(int)ready.StatusCode} {await ready.Content.ReadAsStringAsync(ct)}";
            },
            state => state is "ready" or "ended",
            ct,
            ReadyWithin,
            $"{Service} is ready");
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"{Service} ended with {_process.ExitCode} before it was ready:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await Kill();
        }

        _process?.Dispose();
        _process = null;
        _client.Dispose();
    }

    private static Process Launch(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> settings, StringBuilder output)
    {
        var start = new ProcessStartInfo(Repository.Dotnet, [program, .. arguments])
        {
            // For its appsettings.json.
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        Orphans.KillWithUs(process.Id);
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}

/// <summary>Ends a test's processes when the test process ends, even if it is killed.</summary>
file static class Orphans
{
    // Reads process ids. Its input ends when the test process dies; then it kills the processes that still run. It compares start times,
    // since an id may have been reused: the 22nd field of stat, the 20th after the name, which may contain blanks.
    private const string Script = """
        started() { local stat= && read -r stat < "/proc/$1/stat"; local fields=(${stat##*) }); echo "${fields[19]}"; }
        declare -A since
        while read -r id; do since[$id]=$(started "$id"); done 2>/dev/null
        for id in "${!since[@]}"; do
            [[ -z ${since[$id]} || $(started "$id") != "${since[$id]}" ]] || kill -9 "$id"
        done 2>/dev/null
        """;

    private static readonly Lazy<StreamWriter> Watcher = new(() =>
    {
        var watcher = Process.Start(new ProcessStartInfo("setsid", ["bash", "-c", Script]) { RedirectStandardInput = true })!;
        watcher.StandardInput.AutoFlush = true;
        return watcher.StandardInput;
    });

    public static void KillWithUs(int id)
    {
        lock (Watcher)
        {
            Watcher.Value.WriteLine(id);
        }
    }
}
