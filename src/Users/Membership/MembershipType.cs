namespace Platform.Users.Membership;

public enum MembershipType
{
    Free,

    /// <summary>For a time: see <see cref="People.User.MembershipExpires"/>.</summary>
    Premium,
}
