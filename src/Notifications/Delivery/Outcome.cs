namespace Platform.Notifications.Delivery;

/// <summary>Outcome of a call that sends a message.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Label of the metric.</summary>
    public string Name => GetType().Name.ToLowerInvariant();

    /// <param name="MessageId">Assigned by the channel.</param>
    public sealed record Sent(string MessageId) : Outcome;

    /// <summary>Refused permanently.</summary>
    public sealed record Refused(string Error) : Outcome;

    /// <summary>The person has blocked the bot.</summary>
    public sealed record Blocked(string Error) : Outcome;

    /// <summary>Certainly not sent, for a reason other than the message itself: it is retried.</summary>
    public sealed record Unavailable(string Error) : Outcome;

    /// <summary>Certainly not sent: a rate limit of the chat or of the bot was reached.</summary>
    public sealed record TooMany(string Error, TimeSpan RetryAfter) : Outcome;

    /// <summary>Certainly not sent: the channel rejects the bot's token.</summary>
    public sealed record TokenRefused(string Error) : Outcome;

    /// <summary>The call started and got no answer: the message may have arrived.</summary>
    public sealed record Uncertain(string Error) : Outcome;
}
