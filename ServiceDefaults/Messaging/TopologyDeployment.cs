using MassTransit;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>
/// Declares the service's exchanges, its queue and their bindings, and starts nothing. A step of <c>migrate</c>, since an
/// event that is published before a queue is bound to it is confirmed and lost.
/// </summary>
internal sealed class TopologyDeployment(IServiceProvider services)
{
    /// <summary>Read once, when the bus is made.</summary>
    public bool IsUnderWay { get; private set; }

    public async Task Run(CancellationToken ct)
    {
        IsUnderWay = true;
        var bus = services.GetRequiredService<IBusControl>();
        await bus.StartAsync(ct);
        await bus.StopAsync(ct);
    }
}
