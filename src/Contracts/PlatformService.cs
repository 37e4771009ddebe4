namespace Platform.Contracts;

/// <summary>A service of the platform. Its folder in <c>src</c> is <see cref="Project"/>.</summary>
/// <param name="Name">Names its database role, its schema, its queue and its resource in the app host.</param>
/// <param name="PortOffset">Added to the platform's first port.</param>
/// <param name="HasSchema">Whether it owns tables, and so supports <c>migrate</c>, <c>verify</c>, <c>resync</c> and <c>seed-demo</c>.</param>
public sealed record PlatformService(string Name, string Project, int PortOffset, bool HasSchema = true)
{
    /// <summary>Every service. The app host, the <c>platform</c> command, the gateway's checks and the tests read this list.</summary>
    /// <remarks>Users comes first: its migrations create the keys that all others read.</remarks>
    public static IReadOnlyList<PlatformService> All { get; } =
    [
        new("users", "Users", 1),
        new("courses", "Courses", 4),
        new("loyalty", "Loyalty", 2),
        new("billing", "Billing", 5),
        new("letters", "Letters", 6),
        new("notifications", "Notifications", 3),
        new("bots", "Bots", 9),
        new("gateway", "Gateway", 0, HasSchema: false),
    ];
}
