using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Web.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>OTLP export when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Traces exist without it too: problems and logs carry their ids.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // The framework propagates the trace itself. With any other propagator the instrumentation writes the headers twice.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        var telemetry = builder.Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override this, so that replicas can have their own names.
            .ConfigureResource(resource => resource.Clear().AddService(service).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                // The calls that a probe makes follow their parent.
                .AddAspNetCoreInstrumentation(server => server.Filter = request => !PollFilter.IsPoll(request.Request.Path))
                .AddHttpClientInstrumentation(client => client.FilterHttpRequestMessage = call => !PollFilter.IsPoll(call.RequestUri?.AbsolutePath))
                .AddSource("Npgsql", "MassTransit", "Platform.*")
                .AddProcessor<PollFilter>()
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
