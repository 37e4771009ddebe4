using Platform.Users.People;

namespace Platform.Users.Membership;

/// <summary>A membership as shown to the person, the bot acting for them and the staff.</summary>
/// <param name="Type">Now: premium that has ended counts as free.</param>
/// <param name="Expires">When premium ends or ended; null if they never had it.</param>
/// <param name="MemberId">Number of the member card; null until there is one.</param>
public sealed record MembershipView(MembershipType Type, DateTimeOffset? Expires, MemberId? MemberId)
{
    internal static readonly MembershipView Example = new(
        MembershipType.Premium, new DateTimeOffset(2026, 2, 15, 9, 30, 0, TimeSpan.Zero), MemberCard.ExampleId);

    internal static MembershipView From(User user, DateTimeOffset now) => new(user.MembershipAt(now), user.MembershipExpires, user.MemberId);
}
