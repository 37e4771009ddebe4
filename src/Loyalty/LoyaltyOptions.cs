using System.ComponentModel.DataAnnotations;
using Platform.Contracts;

namespace Platform.Loyalty;

public sealed class LoyaltyOptions
{
    public const string Section = "Loyalty";

    /// <summary>The sliding minute of <see cref="WrongCodesPerMinute"/>.</summary>
    public static readonly TimeSpan WrongCodesWindow = TimeSpan.FromMinutes(1);

    /// <summary>How long a payment code is valid: long enough to read it out at the counter, too short to pass it on.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long an ended code stays reserved before another guest may get the same digits, so that a barista who enters it late
    /// learns what happened to it. Longer than the window in which a guest's codes are counted.
    /// </summary>
    [Range(typeof(TimeSpan), "00:05:01", "01:00:00")]
    public TimeSpan CodeNumberRest { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the price of a preview is promised.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan QuoteLifetime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long after it was placed an order may arrive from a till that was offline. A code that ended unused keeps its number for this long, as
    /// far as there are others.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan OfflineWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How far the clock of a till may be ahead.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Codes that one guest may request in five minutes. All guests share one million numbers.</summary>
    [Range(1, 1000)]
    public int CodesPerFiveMinutes { get; set; } = 10;

    /// <summary>Unknown codes that a member of staff may enter in a minute, so that codes cannot be guessed at the counter.</summary>
    [Range(1, 1000)]
    public int WrongCodesPerMinute { get; set; } = 10;

    /// <summary>Searches for guests by the end of their phone number that a member of staff may make in a minute.</summary>
    [Range(1, 1000)]
    public int PhoneSearchesPerMinute { get; set; } = 10;

    /// <summary>Largest order accepted, so that a phone number, or most codes, typed as the amount are refused.</summary>
    [Range(typeof(Money), "1", "1000000")]
    public Money MaxOrder { get; set; } = new(100_000);

    /// <summary>Above this amount the counter's bot asks for confirmation before it places the order.</summary>
    [Range(typeof(Money), "0", "1000000")]
    public Money ConfirmOrdersFrom { get; set; } = new(10_000);

    /// <summary>How long a barista may refund their own order. Managers may on the day of the order, owners at any time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan UndoWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Earnings of one guest within <see cref="VelocityWindow"/> that raise no alert yet.</summary>
    [Range(1, 1000)]
    public int VelocityEarnings { get; set; } = 3;

    /// <summary>The window of <see cref="VelocityEarnings"/>.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan VelocityWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Reviews, ideas and messages together that a guest may send in an hour.</summary>
    [Range(1, 1000)]
    public int FeedbackPerHour { get; set; } = 10;

    /// <summary>How long a call waits for the account of a person who has just registered.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan AccountOpeningWait { get; set; } = TimeSpan.FromSeconds(2);
}
