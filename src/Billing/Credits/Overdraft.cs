using Platform.Contracts;

namespace Platform.Billing.Credits;

internal static class Overdraft
{
    /// <summary>How far a deduction may take a balance below zero.</summary>
    /// <remarks>Not a setting, because the table checks it too: another limit takes a migration that replaces <c>ck_user_balances_balance</c>.</remarks>
    public static readonly Money Limit = new(5);
}
