using System.Globalization;
using Microsoft.Extensions.Logging.Console;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Platform.ServiceDefaults.Web.Telemetry;

internal static class Logs
{
    private const long FileSize = 10 * 1024 * 1024;
    private const int FileCount = 5;
    private const string Line = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {Level:u3} {SourceContext} {TraceId} {Message:lj}{NewLine}{Exception}";

    /// <summary>
    /// Logs to the console in single lines, to OTLP (<see cref="TelemetryExtensions"/>) and, with <c>Logging:Files:Directory</c>, to
    /// <c>[directory]/[service]/[service].log</c>; errors also go to <c>[service]_errors.log</c>. Each keeps 5 files of 10 MB.
    /// </summary>
    public static void AddLogs(this WebApplicationBuilder builder, string service)
    {
        var logging = builder.Logging;
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });

        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // It warns about unencrypted keys. Where keys must be encrypted, ProductionRules stops the service.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        // It logs paths and queries and puts the path into every scope. A path may contain a Telegram id.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // They log the called addresses, which may contain a bot's token.
        logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        logging.AddFilter("Yarp.ReverseProxy", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        // It logs a line for each handler at every start.
        logging.AddFilter("MassTransit", LogLevel.Warning);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // These failures are thrown and logged by our own code.
        logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None);

        // It logs every failed check of every probe. The response has the same information.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        if (builder.Configuration["Logging:Files:Directory"] is { Length: > 0 } directory)
        {
            var path = Path.Combine(directory, service, service);
            var files = new LoggerConfiguration()
                // Microsoft.Extensions.Logging filters by level.
                .MinimumLevel.Verbose()
                .WriteTo.Files($"{path}.log", LogEventLevel.Verbose)
                .WriteTo.Files($"{path}_errors.log", LogEventLevel.Error)
                .CreateLogger();
            // Not AddSerilog: it adds a filter that overrides those above.
            logging.AddProvider(new SerilogLoggerProvider(files, dispose: true));
        }
    }

    private static LoggerConfiguration Files(this LoggerSinkConfiguration sinks, string path, LogEventLevel from) =>
        sinks.File(path, from, Line, CultureInfo.InvariantCulture, FileSize, rollOnFileSizeLimit: true, retainedFileCountLimit: FileCount);
}
