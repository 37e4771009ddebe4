namespace Platform.Contracts.Users;

/// <summary>What a member is, as events, tables and answers name it.</summary>
public static class MembershipTypes
{
    public const string Free = "free";

    public const string Premium = "premium";
}
