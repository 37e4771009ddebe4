namespace Platform.Sandbox.Control;

/// <summary>Controls for tests: make calls fail, read what was sent, start over.</summary>
internal static class ControlModule
{
    public static void AddControl(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<RequestLog>();
    }

    public static void MapControl(this IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/control");
        control.MapPost("/bots", AddBot.Handle);
        control.MapGet("/faults", ControlFaults.List);
        control.MapPost("/faults", ControlFaults.Add);
        control.MapDelete("/faults", ControlFaults.DeleteAll);
        control.MapDelete("/faults/{id:int}", ControlFaults.Delete);
        control.MapGet("/requests", ListRequests.Handle);
        control.MapPost("/reset", Reset.Handle);
    }
}
