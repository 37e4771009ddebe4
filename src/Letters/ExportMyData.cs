using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults.Web;

namespace Platform.Letters;

/// <summary>Everything that this service holds of the caller: nothing, since what his plan allows is billing's.</summary>
internal static class ExportMyData
{
    public sealed record Response;

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that is stored here of the caller")
        .WithExample(request: null, new Response());

    public static Ok<Response> Handle() => TypedResults.Ok(new Response());
}
