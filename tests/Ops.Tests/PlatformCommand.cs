using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Ops.Tests;

/// <summary>The real <c>platform</c> command in its own process, with only the settings that a test gives it.</summary>
internal sealed class PlatformCommand : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private PlatformCommand(IEnumerable<KeyValuePair<string, string>> settings, string[] arguments)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        var start = new ProcessStartInfo(dotnet, [Repository.Program("Ops", "platform"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings.Prepend(new("DOTNET_ENVIRONMENT", "Development")))
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>In the command's order: users first.</summary>
    public static string[] AllServices { get; } = [.. PlatformService.All.Where(service => service.HasSchema).Select(service => service.Name)];

    /// <summary>For verbs that need no broker.</summary>
    public static Uri NoBroker { get; } = new("amqp://user:password@127.0.0.1:1/");

    /// <summary>Its progress and errors so far.</summary>
    public string Errors => Read(_errors);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static PlatformCommand Start(IEnumerable<KeyValuePair<string, string>> settings, params string[] arguments) => new(settings, arguments);

    public static async Task<CommandOutcome> Run(IEnumerable<KeyValuePair<string, string>> settings, params string[] arguments)
    {
        using var command = Start(settings, arguments);
        return await command.End();
    }

    /// <summary>The settings of a deployment with these services.</summary>
    public static Dictionary<string, string> Settings(string superuser, Uri? broker, params string[] services)
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__postgres"] = superuser };
        foreach (var service in services)
        {
            settings[$"Roles__{service}__Password"] = TestDatabase.Password;
            settings[$"Roles__{service}__OwnerPassword"] = TestDatabase.Password;
        }

        if (broker is not null)
        {
            settings["ConnectionStrings__rabbitmq"] = broker.ToString();
        }

        return settings;
    }

    public static Dictionary<string, string> Settings(TestDatabase database, Uri? broker, params string[] services) =>
        Settings(database.Superuser, broker, services);

    /// <summary>Like <c>kill</c>, for this process only.</summary>
    public async Task Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Ct);
    }

    /// <summary>Like <c>kill -9</c>.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Ct);
    }

    public async Task<CommandOutcome> End()
    {
        await _process.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromMinutes(2), Ct);
        return new CommandOutcome(_process.ExitCode, Read(_output), Errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }
}
