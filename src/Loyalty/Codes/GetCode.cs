using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Codes;

internal static class GetCode
{
    /// <param name="SecondsLeft">Whole seconds until it expires; zero unless it is live.</param>
    /// <param name="OrderId">The order it was used for; null until then.</param>
    public sealed record Response(string Code, CodeStatus Status, int SecondsLeft, OrderId? OrderId);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Status of the caller's code")
        .WithExample(request: null, new Response("204517", CodeStatus.Used, 0, new OrderId(17)))
        .Refuses(LoyaltyErrors.CodeUnknown);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        string code, Caller caller, LoyaltyDb db, TimeProvider clock, CancellationToken ct)
    {
        // A number that was reissued to another guest is not found, so the caller cannot learn whose it is.
        var found = await db.PaymentCodes.AsNoTracking().SingleOrDefaultAsync(held => held.Code == code && held.UserId == caller.UserId, ct);
        if (found is null)
        {
            return Problems.For(LoyaltyErrors.CodeUnknown);
        }

        var now = clock.GetUtcNow();
        var status = found.StatusAt(now);
        return TypedResults.Ok(new Response(
            found.Code, status, status == CodeStatus.Live ? PaymentCode.SecondsLeft(found.ExpiresAt, now) : 0, found.OrderId));
    }
}
