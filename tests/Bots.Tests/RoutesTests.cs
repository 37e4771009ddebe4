using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;
using Platform.Testing.Routes;

namespace Platform.Bots.Tests;

/// <summary>The service without any bot's token.</summary>
public sealed class BotsApp() : ServiceApp<Program>("bots");

public sealed class RoutesTests(BotsApp app) : RouteTests<BotsApp, Program, RoutesTests>(app), IRoutes<BotsApp>
{
    private static long _lastUser = 1000;

    public static IReadOnlyList<Route<BotsApp>> Routes { get; } =
    [
        new("GET", "/api/bots/export", Role.Client, app => Task.FromResult(new Call(app.Client(new UserId(Interlocked.Increment(ref _lastUser)))))),
    ];
}
