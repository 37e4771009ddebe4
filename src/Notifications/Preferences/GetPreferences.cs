using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Preferences;

internal static class GetPreferences
{
    /// <param name="Marketing">News and offers that go to many guests at once.</param>
    /// <param name="Reminders">Of points that will expire and of premium that will end.</param>
    public sealed record Response(bool Marketing, bool Reminders);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Which messages the caller wants")
        .WithDescription("Messages about orders and gifts, and replies to what the caller wrote, are always sent.")
        .WithExample(request: null, new Response(Marketing: true, Reminders: true))
        .Refuses(PlatformErrors.Forbidden);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Caller caller, NotificationsDb db, CancellationToken ct) =>
        // A member of staff who is not a guest gets no messages.
        caller.UserId is { } userId ? TypedResults.Ok(await Read(db, userId, ct)) : Problems.For(PlatformErrors.Forbidden);

    internal static async Task<Response> Read(NotificationsDb db, UserId userId, CancellationToken ct) =>
        await db.Preferences
            .Where(preferences => preferences.UserId == userId)
            .Select(preferences => new Response(preferences.Marketing, preferences.Reminders))
            .SingleOrDefaultAsync(ct)
        ?? new Response(Marketing: true, Reminders: true);
}
