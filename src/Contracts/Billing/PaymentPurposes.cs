namespace Platform.Contracts.Billing;

/// <summary>What a payment is for.</summary>
public static class PaymentPurposes
{
    public const string Course = "course";

    public const string Membership = "membership";

    public const string Credits = "credits";

    public const string Subscription = "subscription";
}
