using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults.Web;

namespace Platform.Letters;

/// <summary>Everything that this service stores about the caller: nothing, because plans belong to Billing.</summary>
internal static class ExportMyData
{
    public sealed record Response;

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that this service stores about the caller")
        .WithExample(request: null, new Response());

    public static Ok<Response> Handle() => TypedResults.Ok(new Response());
}
