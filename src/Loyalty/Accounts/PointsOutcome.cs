namespace Platform.Loyalty.Accounts;

/// <summary>What <c>change_points</c> answers: the SQL type <c>points_outcome</c>, member by member.</summary>
internal enum PointsOutcome
{
    Changed,

    /// <summary>Changed by an earlier call with the same source and reason.</summary>
    Repeated,

    AccountNotFound,

    GuestErased,

    NotEnoughPoints,
}
