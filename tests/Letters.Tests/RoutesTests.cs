using Platform.ServiceDefaults.Web;
using Platform.Testing.Routes;

namespace Platform.Letters.Tests;

public sealed class RoutesTests(LettersApp app) : RouteTests<LettersApp, Program, RoutesTests>(app), IRoutes<LettersApp>
{
    public static IReadOnlyList<Route<LettersApp>> Routes { get; } =
    [
        new("GET", "/api/letters/limits", Role.Client, AsPerson),
        new("GET", "/api/letters/export", Role.Client, AsPerson),
    ];

    private static async Task<Call> AsPerson(LettersApp app) => new(app.Client(await app.GivenPerson()));
}
