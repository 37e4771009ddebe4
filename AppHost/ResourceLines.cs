using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Platform.AppHost;

/// <summary>Console format: a resource's own lines unchanged after its name, the app host's in one line each.</summary>
internal sealed partial class ResourceLines() : ConsoleFormatter(nameof(ResourceLines))
{
    private const string Resources = ".Resources.";
    private const int NameWidth = 22;

    public static void Use(ILoggingBuilder logging) =>
        logging.AddConsole(console => console.FormatterName = nameof(ResourceLines)).AddConsoleFormatter<ResourceLines, ConsoleFormatterOptions>()
            // The dashboard and the health checks call the app host all the time.
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical)
            .AddFilter("Aspire.Hosting", LogLevel.Warning)
            // Its lines contain the login token.
            .AddFilter("AppHost.Resources.aspire-dashboard", LogLevel.None);

    // The orchestrator adds a timestamp to each line, which already has its own.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z ")]
    private static partial Regex Stamp();

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var at = logEntry.Category.IndexOf(Resources, StringComparison.Ordinal);
        if (at >= 0 && logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values
            && values.FirstOrDefault(value => value.Key == "LineContent").Value is string line)
        {
            textWriter.WriteLine($"{logEntry.Category[(at + Resources.Length)..],-NameWidth}| {Stamp().Replace(line, "", count: 1)}");
            return;
        }

        textWriter.WriteLine($"{"apphost",-NameWidth}| {logEntry.LogLevel}: {logEntry.Formatter(logEntry.State, logEntry.Exception)}");
        if (logEntry.Exception is { } exception)
        {
            textWriter.WriteLine(exception);
        }
    }
}
