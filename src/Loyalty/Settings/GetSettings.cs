using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Settings;

internal static class GetSettings
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The rules that the owner edits")
        .WithExample(request: null, SettingsContent.Example);

    public static async Task<Ok<SettingsContent>> Handle(LoyaltyDb db, CancellationToken ct) =>
        TypedResults.Ok(SettingsContent.Of(await db.Set<LoyaltySettings>().AsNoTracking().SingleAsync(ct)));
}
