namespace Platform.Users.Membership;

public enum MembershipType
{
    Free,

    /// <summary>Limited in time: see <see cref="People.User.MembershipExpires"/>.</summary>
    Premium,
}
