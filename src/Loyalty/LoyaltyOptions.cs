using System.ComponentModel.DataAnnotations;
using Platform.Contracts;

namespace Platform.Loyalty;

public sealed class LoyaltyOptions
{
    public const string Section = "Loyalty";

    /// <summary>The minute of <see cref="WrongCodesPerMinute"/>; it slides.</summary>
    public static readonly TimeSpan WrongCodesWindow = TimeSpan.FromMinutes(1);

    /// <summary>How long a payment code lives: long enough to be read out at the counter, too short to be passed on.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long the number of a code rests after its end, before another guest may get it: a barista who enters it late learns what became
    /// of it. Longer than the window in which a guest's codes are counted.
    /// </summary>
    [Range(typeof(TimeSpan), "00:05:01", "01:00:00")]
    public TimeSpan CodeNumberRest { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What a point costs: each whole multiple of this amount that a guest pays earns one, before the level's multiplier. A change applies
    /// to orders placed from then on.
    /// </summary>
    [Range(typeof(Money), "0.01", "1000000")]
    public Money RoublesPerPoint { get; set; } = new(100);

    /// <summary>The part of an order that points may pay, from 0 to 1.</summary>
    [Range(0, 1)]
    public decimal MaxPointsShare { get; set; } = 0.30m;

    /// <summary>How many codes a guest may ask for in five minutes: there are a million for everybody.</summary>
    [Range(1, 1000)]
    public int CodesPerFiveMinutes { get; set; } = 10;

    /// <summary>
    /// How many unknown codes a member of the staff may enter in a minute, to check, to preview or to place an order: six digits must not
    /// be guessed at the counter.
    /// </summary>
    [Range(1, 1000)]
    public int WrongCodesPerMinute { get; set; } = 10;

    /// <summary>The largest order that is accepted: a code or a phone number typed for the amount must not become an order.</summary>
    [Range(typeof(Money), "1", "1000000")]
    public Money MaxOrder { get; set; } = new(100_000);

    /// <summary>Above this amount the bot of the counter asks whether it is right before it places the order.</summary>
    [Range(typeof(Money), "0", "1000000")]
    public Money ConfirmOrdersFrom { get; set; } = new(10_000);

    /// <summary>How long after an order the member of the staff who placed it may refund it; an admin may at any time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan UndoWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a call waits for the account of somebody who registered a moment ago.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan AccountOpeningWait { get; set; } = TimeSpan.FromSeconds(2);
}
