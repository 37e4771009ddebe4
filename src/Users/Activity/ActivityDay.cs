using Platform.Contracts;

namespace Platform.Users.Activity;

/// <summary>How often a person did something of a kind on a day. A day is one by the clock on the wall of the business.</summary>
internal sealed class ActivityDay
{
    public UserId UserId { get; private init; }

    public DateOnly Day { get; private init; }

    public ActivityKind Kind { get; private init; }

    /// <summary>Zero for a day on which money was given back and nothing else happened.</summary>
    public int Count { get; private init; }

    /// <summary>Roubles paid for orders, less what was given back on this day; so it may be below zero. Zero for other kinds.</summary>
    public Money Spent { get; private init; }
}

public enum ActivityKind
{
    /// <summary>Placed at the counter.</summary>
    Order,

    /// <summary>Completed.</summary>
    Lesson,

    /// <summary>Written for him; not its iterations.</summary>
    Letter,

    /// <summary>Used, one a day at most.</summary>
    Credits,

    /// <summary>Started one, or lifted his block of it.</summary>
    Bot,
}
