using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>How many members there are of each type, and whether what is put down of them is as it must be.</summary>
internal static class GetMembershipCounts
{
    /// <param name="Free">Who is no premium member at this moment; whose premium is over among them.</param>
    /// <param name="Premium">Who is one at this moment.</param>
    /// <param name="Cards">Who has a card, premium or not.</param>
    /// <param name="EndedAndNotPutDown">Whose premium is over, and nobody has put it down yet: a job does within minutes.</param>
    /// <param name="OfUnknownType">Members who are neither free nor premium. Zero is the good answer.</param>
    /// <param name="WithBrokenNumber">Cards whose number has not 12 characters. Zero is the good answer.</param>
    public sealed record Response(long Free, long Premium, long Cards, long EndedAndNotPutDown, long OfUnknownType, long WithBrokenNumber);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetMembershipCounts))
        .WithSummary("How many members there are of each type at this moment, and how many are inconsistent")
        .WithExample(request: null, new Response(Free: 18_204, Premium: 961, Cards: 1_322, EndedAndNotPutDown: 0, OfUnknownType: 0, WithBrokenNumber: 0));

    public static async Task<Ok<Response>> Handle(UsersDb db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Ok(await db.Database.SqlQuery<Response>(
            $"""
            select count(*) filter (where membership_type = 'free' or membership_expires <= {now}) as "Free",
                count(*) filter (where membership_type = 'premium' and membership_expires > {now}) as "Premium",
                count(member_id) as "Cards",
                count(*) filter (where membership_type = 'premium' and membership_expires <= {now}) as "EndedAndNotPutDown",
                count(*) filter (where membership_type not in ('free', 'premium')) as "OfUnknownType",
                count(*) filter (where length(member_id) <> 12) as "WithBrokenNumber"
            from users
            where erased_at is null
            """).SingleAsync(ct));
    }
}
