namespace Platform.Loyalty.Rewards;

/// <summary>What <c>buy_reward</c> answers: the SQL type <c>reward_outcome</c>, member by member.</summary>
internal enum RewardOutcome
{
    Bought,

    /// <summary>The reward was bought by an earlier call with the same key.</summary>
    Repeated,

    IdempotencyKeyReused,

    /// <summary>The guest has no account yet, or was erased.</summary>
    AccountNotFound,

    RewardNotFound,

    OutOfStock,

    NotEnoughPoints,
}
