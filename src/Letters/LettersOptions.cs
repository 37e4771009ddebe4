using System.ComponentModel.DataAnnotations;

namespace Platform.Letters;

public sealed class LettersOptions
{
    public const string Section = "Letters";

    /// <summary>Time limit of a call to Billing. Must exceed the time Billing waits for a new account, 2 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan BillingTimeout { get; set; } = TimeSpan.FromSeconds(4);
}
