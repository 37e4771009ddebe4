namespace Platform.Contracts.Bots;

/// <summary>The bots by which people are reached, as events and tables name them.</summary>
public static class BotNames
{
    /// <summary>The guests' own.</summary>
    public const string Client = "client";

    /// <summary>Behind the counter: for the staff only.</summary>
    public const string Barista = "barista";
}
