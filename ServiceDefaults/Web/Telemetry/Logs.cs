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
    /// Console as single lines; OTLP (<see cref="TelemetryExtensions"/>); and, when <c>Logging:Files:Directory</c> is set, files:
    /// <c>[directory]/[service]/[service].log</c> with the errors once more in <c>[service]_errors.log</c>, 5 of 10 MB each.
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
        // Where keys must be encrypted, a service without the certificate does not start at all.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        // It writes paths and queries, and puts the path into every log line's scope: a path may hold a Telegram id.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // They write the addresses that are called, a bot's token among them.
        logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        logging.AddFilter("Yarp.ReverseProxy", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        // A line for each handler at each start.
        logging.AddFilter("MassTransit", LogLevel.Warning);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // What fails here is thrown, and logged by whoever catches it.
        logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None);

        // A line for each check that fails each time somebody asks; the answer says it all.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        if (builder.Configuration["Logging:Files:Directory"] is { Length: > 0 } directory)
        {
            var path = Path.Combine(directory, service, service);
            var files = new LoggerConfiguration()
                // The levels are Microsoft.Extensions.Logging's to decide.
                .MinimumLevel.Verbose()
                .WriteTo.Files($"{path}.log", LogEventLevel.Verbose)
                .WriteTo.Files($"{path}_errors.log", LogEventLevel.Error)
                .CreateLogger();
            // Not AddSerilog: it adds a filter of its own, which lets through what the filters above hold back.
            logging.AddProvider(new SerilogLoggerProvider(files, dispose: true));
        }
    }

    private static LoggerConfiguration Files(this LoggerSinkConfiguration sinks, string path, LogEventLevel from) =>
        sinks.File(path, from, Line, CultureInfo.InvariantCulture, FileSize, rollOnFileSizeLimit: true, retainedFileCountLimit: FileCount);
}
