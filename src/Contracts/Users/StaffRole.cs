namespace Platform.Contracts.Users;

/// <summary>What a member of the staff may do. A higher role may do everything that a lower one may.</summary>
public enum StaffRole
{
    /// <summary>Orders, gifts up to the daily limit, and undoing their own orders for a few minutes.</summary>
    Barista,

    /// <summary>Also refunds on the day of the order, alerts, and gifts above the limit.</summary>
    Manager,

    /// <summary>Everything in the business.</summary>
    Owner,
}
