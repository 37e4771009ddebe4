using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Features;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>The staff check a card by its QR code or by the number under it.</summary>
internal static class VerifyMember
{
    /// <param name="Token">Content of the QR code: the part after <c>start=</c> when it is a link.</param>
    /// <param name="MemberId">As typed: any case, O for 0, I or L for 1, with or without the prefix.</param>
    public sealed record Request([StringLength(100, MinimumLength = 1)] string? Token = null, [StringLength(30, MinimumLength = 1)] string? MemberId = null)
        : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Token is null == MemberId is null)
            {
                yield return new ValidationResult("Send either the token of the QR code or the member id.", [nameof(Token), nameof(MemberId)]);
            }
        }
    }

    /// <param name="Type">Now: premium that has ended counts as free.</param>
    /// <param name="Expires">When premium ends or ended; null if they never had it.</param>
    /// <param name="IsActive">False while they are blocked.</param>
    public sealed record Response(MemberId MemberId, UserId UserId, string FullName, MembershipType Type, DateTimeOffset? Expires, bool IsActive);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(VerifyMember))
        .WithSummary("Checks a member card by its QR code or its number")
        .WithExample(
            new Request(MemberId: MemberCard.ExampleId.ToString()),
            new Response(MemberCard.ExampleId, new UserId(5), "Анна Смирнова", MembershipType.Premium,
                new DateTimeOffset(2026, 2, 15, 9, 30, 0, TimeSpan.Zero), true))
        .Refuses(UsersErrors.TokenStale, UsersErrors.TokenForged, UsersErrors.MemberIdMistyped, UsersErrors.MemberNotFound, PlatformErrors.FeatureOff);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, UsersDb db, CardTokens tokens, TimeProvider clock, CancellationToken ct)
    {
        MemberId memberId;
        if (request.Token is { } token)
        {
            if (!await FeatureSwitches.IsOn(db, Features.Qr, ct))
            {
                return Problems.For(PlatformErrors.FeatureOff);
            }

            switch (tokens.Verify(token, out memberId))
            {
                case CardVerdict.Forged:
                    return Problems.For(UsersErrors.TokenForged);
                case CardVerdict.Stale:
                    return Problems.For(UsersErrors.TokenStale);
            }
        }
        else if (!Membership.MemberId.TryParse(request.MemberId, out memberId))
        {
            return Problems.For(UsersErrors.MemberIdMistyped);
        }

        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.MemberId == memberId, ct);
        return user is null
            ? Problems.For(UsersErrors.MemberNotFound)
            : TypedResults.Ok(new Response(memberId, user.Id, user.FullName, user.MembershipAt(clock.GetUtcNow()), user.MembershipExpires, user.IsActive));
    }
}
