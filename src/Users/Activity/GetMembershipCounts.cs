using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>Counts members by type, and rows that need attention.</summary>
internal static class GetMembershipCounts
{
    /// <param name="Free">People without premium now, including those whose premium has ended.</param>
    /// <param name="Cards">People with a card, premium or not.</param>
    /// <param name="EndedAndNotPutDown">People whose premium has ended but is not recorded as ended yet: a job does so within minutes.</param>
    /// <param name="OfUnknownType">Members who are neither free nor premium. Should be zero.</param>
    /// <param name="WithBrokenNumber">Cards whose number does not have 12 characters. Should be zero.</param>
    public sealed record Response(long Free, long Premium, long Cards, long EndedAndNotPutDown, long OfUnknownType, long WithBrokenNumber);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetMembershipCounts))
        .WithSummary("How many members there are of each type now, and how many are inconsistent")
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
