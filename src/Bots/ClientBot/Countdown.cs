using Platform.Contracts;

namespace Platform.Bots.ClientBot;

/// <summary>A shown code whose seconds are counted down in its message. It outlives a restart.</summary>
internal sealed class Countdown
{
    public required TelegramId TelegramId { get; init; }

    public long MessageId { get; private set; }

    public string Code { get; private set; } = "";

    public string Language { get; private set; } = "";

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When the message is due to be changed next.</summary>
    public DateTimeOffset NextAt { get; set; }

    public void Start(long messageId, string code, string language, DateTimeOffset expiresAt, DateTimeOffset now) =>
        (MessageId, Code, Language, ExpiresAt, NextAt) = (messageId, code, language, expiresAt, now);
}
