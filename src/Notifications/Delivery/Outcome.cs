namespace Platform.Notifications.Delivery;

/// <summary>What became of a call that was to send a message.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>As a metric's label.</summary>
    public string Name => GetType().Name.ToLowerInvariant();

    /// <param name="MessageId">Given by the channel.</param>
    public sealed record Sent(string MessageId) : Outcome;

    /// <summary>Refused for good.</summary>
    public sealed record Refused(string Error) : Outcome;

    /// <summary>The person does not let the bot write to him.</summary>
    public sealed record Blocked(string Error) : Outcome;

    /// <summary>Certainly not sent, and not because of the message: it is tried again.</summary>
    public sealed record Unavailable(string Error) : Outcome;

    /// <summary>Certainly not sent: the chat, or the bot, gets too much and must wait.</summary>
    public sealed record TooMany(string Error, TimeSpan RetryAfter) : Outcome;

    /// <summary>Certainly not sent: the channel does not know the bot.</summary>
    public sealed record TokenRefused(string Error) : Outcome;

    /// <summary>The call began and was not answered: the message may have arrived.</summary>
    public sealed record Uncertain(string Error) : Outcome;
}
