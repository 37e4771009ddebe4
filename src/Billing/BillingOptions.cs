using System.ComponentModel.DataAnnotations;
using Platform.Contracts;

namespace Platform.Billing;

public sealed class BillingOptions
{
    public const string Section = "Billing";

    /// <summary>Credits that a verified person starts with, once.</summary>
    [Range(typeof(Money), "0", "10000")]
    public Money StartCredits { get; set; } = new(50);

    /// <summary>Credits that a test account starts with: its start credits are topped up to so many.</summary>
    [Range(typeof(Money), "0", "10000")]
    public Money TestCredits { get; set; } = new(100);

    /// <summary>How long a call waits for the account of somebody who registered a moment ago.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan AccountOpeningWait { get; set; } = TimeSpan.FromSeconds(2);
}
