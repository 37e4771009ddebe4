using Microsoft.EntityFrameworkCore;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>Gives out the numbers of cards. None is given a second time, though whoever had it is erased.</summary>
internal static class MemberIds
{
    /// <summary>The number of his card: the one that he has, or a new one. Tell the others afterwards.</summary>
    /// <param name="user">Locked by the caller.</param>
    public static async Task Issue(UsersDb db, User user, DateTimeOffset now, CancellationToken ct)
    {
        while (user.MemberId is null)
        {
            // Whoever draws the same at the same moment waits here for the first, and draws again.
            var drawn = MemberId.Draw();
            if (await db.Database.ExecuteSqlAsync(
                $"insert into member_ids (member_id, user_id, issued_at) values ({drawn.ToString()}, {user.Id.Value}, {now}) on conflict (member_id) do nothing", ct) == 1)
            {
                user.IssueCard(drawn, now);
            }
        }
    }
}
