using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>
/// Eight characters of Crockford's base 32 that stand for a person when he recommends the platform. Drawn by the database
/// for each row of <c>users</c>.
/// </summary>
internal static class ReferralCode
{
    public const int Length = 8;
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public const string Example = "7KQ2M9XD";

    /// <summary>Unique on <c>users.referral_code</c>: one draw in a million meets a code that exists when a million people have one.</summary>
    public const string UniqueIndex = "ix_users_referral_code";

    /// <returns>Whose code it is; null for nobody's, and for the newcomer's own: whoever has or had his phone is himself.</returns>
    public static async Task<UserId?> FindReferrer(UsersDb db, string? typed, PhoneNumber newcomer, CancellationToken ct)
    {
        if (typed is null)
        {
            return null;
        }

        var code = Normalize(typed);
        return await db
            .Rows<User>(
                $"""
                as u where referral_code = {code} and phone is distinct from {newcomer.E164}
                    and not exists (select from seen_phones had where had.phone = {newcomer.E164} and had.user_id = u.id)
                """)
            .Select(user => (UserId?)user.Id)
            .SingleOrDefaultAsync(ct);
    }

    // As Crockford reads what people have typed: in any case, with O for 0 and I or L for 1.
    private static string Normalize(string typed) =>
        typed.Trim().ToUpperInvariant().Replace('O', '0').Replace('I', '1').Replace('L', '1');
}
