using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Billing.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Operations;

internal static class GetOperations
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The rate card: what operations cost")
        .WithExample(request: null, RateCard.Example);

    public static async Task<Ok<RateCard>> Handle(BillingDb db, CancellationToken ct) => TypedResults.Ok(await RateCard.Read(db, ct));
}
