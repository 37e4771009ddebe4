using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Sandbox.Control;
using Platform.Sandbox.Mail;
using Platform.Sandbox.Pages;
using Platform.Sandbox.Telegram;

namespace Platform.Sandbox;

/// <summary>The table of contents: the outside providers that the sandbox stands in for.</summary>
internal static class SandboxModule
{
    /// <summary>The largest file a bot may send, plus the rest of its form.</summary>
    private const long BodySize = 51 * 1024 * 1024;

    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SandboxOptions>().BindConfiguration(SandboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddProblemDetails();
        services.AddValidation();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = false);
        services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = BodySize;
        });
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        });

        builder.AddTelegram();
        builder.AddMail();
        builder.AddControl();
    }

    public static void UseSandbox(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseCrossSiteProtection();

        app.MapPages();
        app.MapTelegram();
        app.MapMail();
        app.MapControl();
    }
}
