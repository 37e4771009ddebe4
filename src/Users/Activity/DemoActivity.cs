using Dapper;
using Microsoft.EntityFrameworkCore;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>The demo guests' activity, the same each time: busy in the first weeks, then less. Guests who already have some are left alone.</summary>
internal static class DemoActivity
{
    private const int MaxVisits = 40;

    private static readonly string[] Kinds = ["order", "order", "order", "order", "order", "lesson", "letter", "credits"];

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<UsersDb>();
        var today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var guests = await db
            .Rows<User>(
                $"""
                as u where id >= {DemoGuests.FirstId} and id < {DemoGuests.FirstId + DemoGuests.Count} and consent_through = {DemoGuests.Through}
                    and not exists (select from activity_days a where a.user_id = u.id)
                order by id
                """)
            .AsNoTracking()
            .ToListAsync(ct);
        var days = guests.SelectMany(guest => GenerateVisits(guest, today)).ToList();

        return await db.Database.GetDbConnection().ExecuteAsync(new CommandDefinition(
            """
            insert into activity_days (user_id, day, kind, count, spent)
            select user_id, day, kind, count(*), sum(spent)
            from unnest(@users, @days, @kinds, @spent) as visit (user_id, day, kind, spent)
            group by user_id, day, kind
            on conflict do nothing
            """,
            new
            {
                users = days.Select(visit => visit.UserId).ToArray(),
                days = days.Select(visit => visit.Day).ToArray(),
                kinds = days.Select(visit => visit.Kind).ToArray(),
                spent = days.Select(visit => visit.Spent).ToArray(),
            },
            cancellationToken: ct));
    }

    private static IEnumerable<(long UserId, DateOnly Day, string Kind, decimal Spent)> GenerateVisits(User guest, DateOnly today)
    {
        var number = guest.Id.Value - DemoGuests.FirstId;
        var first = DateOnly.FromDateTime(guest.CreatedAt.UtcDateTime);
        yield return (guest.Id.Value, first, "bot", 0);

        var known = today.DayNumber - first.DayNumber;
        for (var visit = 0; visit < DemoGuests.Pick(number, "visits", MaxVisits); visit++)
        {
            // Squaring favours early days.
            var share = DemoGuests.Pick(number, $"visit {visit}", 1000) / 1000.0;
            var kind = Kinds[DemoGuests.Pick(number, $"visit {visit} for", Kinds.Length)];
            yield return (
                guest.Id.Value, first.AddDays((int)(known * share * share)), kind, kind == "order" ? 150
                    + (10 * DemoGuests.Pick(number, $"visit {visit} pays", 60)) : 0);
        }
    }
}
