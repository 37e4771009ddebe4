using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.Sandbox.Control;

internal static class ListRequests
{
    /// <param name="after">Only requests with a higher number.</param>
    public static Ok<IReadOnlyList<BotRequest>> Handle(string? bot, string? method, long? after, RequestLog requests) =>
        TypedResults.Ok(requests.Find(bot, method, after));
}
