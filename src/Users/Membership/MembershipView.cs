using Platform.Users.People;

namespace Platform.Users.Membership;

/// <summary>A person's membership as he himself, the bot that acts for him and the staff see it.</summary>
/// <param name="Type">At this moment: premium that is over is none.</param>
/// <param name="Expires">When premium ends, or when it has ended; null for whoever never had it.</param>
/// <param name="MemberId">The number of his card; null until he has one.</param>
public sealed record MembershipView(MembershipType Type, DateTimeOffset? Expires, MemberId? MemberId)
{
    internal static readonly MembershipView Example = new(
        MembershipType.Premium, new DateTimeOffset(2026, 2, 15, 9, 30, 0, TimeSpan.Zero), MemberCard.ExampleId);

    internal static MembershipView Of(User user, DateTimeOffset now) => new(user.MembershipAt(now), user.MembershipExpires, user.MemberId);
}
