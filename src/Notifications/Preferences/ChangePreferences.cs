using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Preferences;

internal static class ChangePreferences
{
    /// <summary>A field that is left out stays as it is.</summary>
    public sealed record Request(bool? Marketing = null, bool? Reminders = null);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Changes which messages the caller wants")
        .WithDescription("Also applies to messages that are already waiting to be sent. A field that is left out stays as it is.")
        .WithExample(new Request(Marketing: false), new GetPreferences.Response(Marketing: false, Reminders: true))
        .Refuses(PlatformErrors.Forbidden);

    public static async Task<Results<Ok<GetPreferences.Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, NotificationsDb db, TimeProvider clock, CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        // A token may be younger than the erasure of its person, whose data must not come back.
        await db.Database.ExecuteSqlAsync($"""
            insert into preferences as known (user_id, marketing, reminders, changed_at)
            select {userId.Value}, coalesce({request.Marketing}::boolean, true), coalesce({request.Reminders}::boolean, true), {clock.GetUtcNow()}
            where not exists (select from contacts where user_id = {userId.Value} and erased)
            on conflict (user_id) do update
            set marketing = coalesce({request.Marketing}::boolean, known.marketing),
                reminders = coalesce({request.Reminders}::boolean, known.reminders),
                changed_at = excluded.changed_at
            """, ct);
        return TypedResults.Ok(await GetPreferences.Read(db, userId, ct));
    }
}
