using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Platform.AppHost;

/// <summary>The console: a resource's own lines as they are, behind its name; the app host's in one line each.</summary>
internal sealed class ResourceLines() : ConsoleFormatter(nameof(ResourceLines))
{
    private const string Resources = ".Resources.";
    private const int NameWidth = 22;

    public static void Use(ILoggingBuilder logging) =>
        logging.AddConsole(console => console.FormatterName = nameof(ResourceLines)).AddConsoleFormatter<ResourceLines, ConsoleFormatterOptions>();

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var at = logEntry.Category.IndexOf(Resources, StringComparison.Ordinal);
        if (at >= 0 && logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values
            && values.FirstOrDefault(value => value.Key == "LineContent").Value is string line)
        {
            textWriter.WriteLine($"{logEntry.Category[(at + Resources.Length)..],-NameWidth}| {line}");
            return;
        }

        textWriter.WriteLine($"{"apphost",-NameWidth}| {logEntry.LogLevel}: {logEntry.Formatter(logEntry.State, logEntry.Exception)}");
        if (logEntry.Exception is { } exception)
        {
            textWriter.WriteLine(exception);
        }
    }
}
