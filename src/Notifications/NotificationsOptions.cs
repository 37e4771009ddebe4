using System.ComponentModel.DataAnnotations;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications;

public sealed class NotificationsOptions
{
    public const string Section = "Notifications";

    /// <summary>Signs messages from the staff: the business's name, as after "Message from". Empty for messages without one.</summary>
    [StringLength(100), PlainText]
    public string BusinessName { get; set; } = "";

    /// <summary>Limit of one bot over all chats. Telegram's is about 30; the rest is left for the bot's replies.</summary>
    [Range(1, 30)]
    public int MessagesPerSecond { get; set; } = 25;

    /// <summary>Pause between two messages to one chat. Telegram allows about one a second.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ChatPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a bot sends at half its rate after a 429.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SlowFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long Telegram may take to answer. Without an answer the message may have arrived, so it becomes uncertain.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a message waits for the person to start a bot, since events arrive in any order.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan NoChatGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a message is retried while Telegram is unavailable. Older ones are no longer of interest.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often an idle sender looks for work.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:02")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a refused token is checked again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CheckTokenEvery { get; set; } = TimeSpan.FromMinutes(1);
}
