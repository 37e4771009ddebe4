namespace Platform.Contracts.Users;

/// <summary>Types of membership, as events, tables and responses name them.</summary>
public static class MembershipTypes
{
    public const string Free = "free";

    public const string Premium = "premium";
}
