using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Levels;

internal static class GetLevels
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The levels of the programme")
        .WithExample(request: null, LevelList.Example);

    public static async Task<Ok<LevelList>> Handle(LoyaltyDb db, CancellationToken ct) => TypedResults.Ok(await LevelList.Read(db, ct));
}
