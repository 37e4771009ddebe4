using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Switches;

internal static class GetSwitches
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetSwitches))
        .WithSummary("Which features are on")
        .WithExample(request: null, Switches.Example);

    public static async Task<Ok<Switches>> Handle(UsersDb db, CancellationToken ct) => TypedResults.Ok(await Switches.Read(db, ct));
}
