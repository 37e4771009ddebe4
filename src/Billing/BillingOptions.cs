using System.ComponentModel.DataAnnotations;
using Platform.Contracts;

namespace Platform.Billing;

public sealed class BillingOptions
{
    public const string Section = "Billing";

    /// <summary>Credits granted once to a person with a verified phone.</summary>
    [Range(typeof(Money), "0", "10000")]
    public Money StartCredits { get; set; } = new(50);

    /// <summary>Start credits of a test account: an account that becomes one is topped up to this amount.</summary>
    [Range(typeof(Money), "0", "10000")]
    public Money TestCredits { get; set; } = new(100);

    /// <summary>How long a call waits for the account of a person who has just registered.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan AccountOpeningWait { get; set; } = TimeSpan.FromSeconds(2);
}
