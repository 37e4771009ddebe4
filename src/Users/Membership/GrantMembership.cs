using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Features;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

internal static class GrantMembership
{
    /// <summary>Limit per grant while <see cref="Features.AdminLimits"/> is on.</summary>
    public const int MaxDaysWithinLimits = 30;

    /// <param name="Days">1 to 3 660, added to the end of their current premium.</param>
    /// <param name="Reason">Stored in the audit, never shown to the person.</param>
    public sealed record Request([Range(1, 3660)] int Days, [Required, StringLength(500), PlainText] string Reason);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GrantMembership))
        .WithSummary("Gives a person days of premium membership")
        .WithExample(new Request(14, "The card reader was broken for two weeks"), MembershipView.Example)
        .Refuses(UsersErrors.UserNotFound, UsersErrors.GrantTooLong);

    public static async Task<Results<Ok<MembershipView>, ProblemHttpResult>> Handle(
        UserId id, Request request, Caller caller, UsersDb db, Premium premium, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        if (request.Days > MaxDaysWithinLimits && await FeatureSwitches.IsOn(db, Features.AdminLimits, ct))
        {
            return Problems.For(UsersErrors.GrantTooLong);
        }

        await using var transaction = await db.Join(ct);
        if (await db.LockUser(id, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        await premium.Grant(user, MembershipTerm.FromDays(request.Days), MembershipSource.Admin, paymentId: null, ct);
        audit.Write(db, caller, "membership.grant", $"user:{id}", new { request.Days, reason = request.Reason.Trim(), until = user.MembershipExpires });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(MembershipView.From(user, clock.GetUtcNow()));
    }
}
