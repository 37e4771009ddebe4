using System.ComponentModel.DataAnnotations;

namespace Platform.Notifications;

public sealed class NotificationsOptions
{
    public const string Section = "Notifications";

    /// <summary>What one bot sends over all chats. Telegram's wall is about 30; the rest is for the bot's own replies.</summary>
    [Range(1, 30)]
    public int MessagesPerSecond { get; set; } = 25;

    /// <summary>Pause between two messages to one chat: Telegram asks for at most one a second.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ChatPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long half the pace is kept after Telegram said that it was too much.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SlowFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long Telegram may take to answer. A message without an answer may have arrived: it is uncertain and not sent again by itself.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a message waits for its person to start a bot: events come in any order.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan NoChatGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a message is tried while Telegram is out of order. Older ones are no news.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often the sender looks for work when there was none.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:02")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often Telegram is asked about a token that it refused.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CheckTokenEvery { get; set; } = TimeSpan.FromMinutes(1);
}
