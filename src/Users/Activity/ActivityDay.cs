using Platform.Contracts;

namespace Platform.Users.Activity;

/// <summary>How often a person did one kind of thing on one day, in the time zone of the business.</summary>
internal sealed class ActivityDay
{
    public UserId UserId { get; private init; }

    public DateOnly Day { get; private init; }

    public ActivityKind Kind { get; private init; }

    /// <summary>Zero for a day with nothing but a refund.</summary>
    public int Count { get; private init; }

    /// <summary>Roubles paid for orders, less refunds made on this day; may be negative. Zero for other kinds.</summary>
    public Money Spent { get; private init; }
}

public enum ActivityKind
{
    Order,

    Lesson,

    /// <summary>A letter generated for the person, not counting iterations.</summary>
    Letter,

    /// <summary>Credits used; counted at most once a day.</summary>
    Credits,

    /// <summary>A bot started or unblocked.</summary>
    Bot,
}
