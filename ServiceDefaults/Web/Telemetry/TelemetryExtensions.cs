using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Web.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>
    /// Traces, metrics and logs of the framework's own sources and of ours (<c>Platform.*</c>), sent by OTLP when
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Without it, traces still exist: problems and logs carry their ids.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // The framework carries the trace on by itself. Any other propagator makes the instrumentation write the headers once more.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        var telemetry = builder.Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over this: a replica may have a name of its own.
            .ConfigureResource(resource => resource.Clear().AddService(service).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                // A probe and what it calls: the calls follow their parent's decision.
                .AddAspNetCoreInstrumentation(server => server.Filter = request => !LeaveOutPolls.IsPoll(request.Request.Path))
                .AddHttpClientInstrumentation(client => client.FilterHttpRequestMessage = call => !LeaveOutPolls.IsPoll(call.RequestUri?.AbsolutePath))
                .AddSource("Npgsql", "MassTransit", "Platform.*")
                .AddProcessor<LeaveOutPolls>()
                .AddProcessor<RedactAddresses>())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Npgsql", "MassTransit", "Platform.*"))
            .WithLogging(
                configureBuilder: null,
                configureOptions: logs =>
                {
                    logs.IncludeScopes = true;
                    logs.IncludeFormattedMessage = true;
                });

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }
}
