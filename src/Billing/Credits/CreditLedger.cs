namespace Platform.Billing.Credits;

/// <summary>Invariants of the ledger for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class CreditLedger
{
    // A full join also finds ledger rows without a balance.
    public const string BalancesThatDiffer = """
        select user_id, a.balance, t.balance as transactions
        from user_balances a full join (select user_id, sum(change) as balance from credit_transactions group by user_id) t using (user_id)
        where a.balance is distinct from coalesce(t.balance, 0)
        order by user_id
        """;

    public const string SpendingThatDiffers = """
        select user_id, a.total_spent, t.spent as transactions
        from user_balances a
        full join (select user_id, sum(amount) as spent from credit_transactions where kind = 'debit' group by user_id) t using (user_id)
        where a.total_spent is distinct from coalesce(t.spent, 0)
        order by user_id
        """;

    public const string BrokenChains = """
        select user_id, id, balance_after, before + change as expected
        from (
            select user_id, id, change, balance_after, coalesce(lag(balance_after) over (partition by user_id order by id), 0) as before
            from credit_transactions
        ) chain
        where balance_after <> before + change
        order by user_id, id
        """;

    /// <summary>Double entry: every credit comes from or goes to a contra account, so all accounts together sum to zero.</summary>
    public const string TransfersThatDoNotSumToZero = """
        select people, contras
        from (select coalesce(sum(balance), 0) as people from user_balances) a, (select coalesce(-sum(change), 0) as contras from credit_transactions) t
        where people + contras <> 0
        """;
}
