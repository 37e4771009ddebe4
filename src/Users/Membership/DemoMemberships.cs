using Microsoft.EntityFrameworkCore;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>Every fifth demo guest has or had premium: for one in four of them it has ended. Existing cards stay as they are.</summary>
internal static class DemoMemberships
{
    private const int Every = 5;

    /// <summary>The guest whose premium ends soon.</summary>
    private const int Ending = Every;

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<UsersDb>();
        var updates = services.GetRequiredService<UserUpdates>();
        var today = new DateTimeOffset(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var guests = await db
            .Rows<User>(
                $"""
                where id >= {DemoGuests.FirstId} and id < {DemoGuests.FirstId + DemoGuests.Count} and (id - {DemoGuests.FirstId}) % {Every} = 0
                    and consent_through = {DemoGuests.Through} and member_id is null
                order by id for update
                """)
            .ToListAsync(ct);
        foreach (var user in guests)
        {
            var guest = user.Id.Value - DemoGuests.FirstId;
            var (from, until) = Term(guest, user.CreatedAt, today);
            var number = MemberId.WithCheckCharacter([.. Enumerable.Range(0, 7)
                .Select(place => MemberId.Alphabet[DemoGuests.Pick(guest, $"card {place}", MemberId.Alphabet.Length)])]);
            await db.Database.ExecuteSqlAsync(
                $"insert into member_ids (member_id, user_id, issued_at) values ({number.ToString()}, {user.Id.Value}, {from})", ct);

            user.IssueCard(number, from);
            if (until > today)
            {
                user.GoPremium(until, from);
            }
            else
            {
                user.EndPremium(until, until);
            }

            db.Add(new MembershipPeriod
            {
                UserId = user.Id,
                ValidFrom = from,
                ValidUntil = until,
                AnchorDay = null,
                Source = guest % 2 == 0 ? MembershipSource.Gift : MembershipSource.Admin,
                GrantedAt = from,
            });
            await updates.Publish(user, ct);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return guests.Count;
    }

    private static (DateTimeOffset From, DateTimeOffset Until) Term(long guest, DateTimeOffset registeredAt, DateTimeOffset today) => guest switch
    {
        Ending => (today.AddDays(-24).AddHours(12), today.AddDays(6).AddHours(12)),
        _ when guest / Every % 4 == 3 && registeredAt.AddDays(8) < today => (registeredAt.AddHours(1), registeredAt.AddDays(7)),
        _ => (registeredAt.AddHours(1), today.AddDays(30 + DemoGuests.Pick(guest, "premium", 300)).AddHours(12)),
    };
}
