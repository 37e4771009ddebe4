using System.ComponentModel.DataAnnotations;

namespace Platform.Letters;

public sealed class LettersOptions
{
    public const string Section = "Letters";

    /// <summary>
    /// How long billing may take to say what a plan allows. Longer than billing itself waits for the account of somebody who
    /// registered a moment ago, which is 2 s unless it is told otherwise.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan BillingTimeout { get; set; } = TimeSpan.FromSeconds(4);
}
