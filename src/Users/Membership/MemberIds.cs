using Microsoft.EntityFrameworkCore;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>Issues card numbers. A number is never issued twice, even after its owner was erased.</summary>
internal static class MemberIds
{
    /// <summary>Issues a card number unless the person has one. Publish the change afterwards.</summary>
    /// <param name="user">Locked by the caller.</param>
    public static async Task Issue(UsersDb db, User user, DateTimeOffset now, CancellationToken ct)
    {
        while (user.MemberId is null)
        {
            // If two callers draw the same number, the second waits here for the first, then draws again.
            var drawn = MemberId.New();
            if (await db.Database.ExecuteSqlAsync(
                $"insert into member_ids (member_id, user_id, issued_at) values ({drawn.ToString()}, {user.Id.Value}, {now}) on conflict (member_id) do nothing", ct) == 1)
            {
                user.IssueCard(drawn, now);
            }
        }
    }
}
