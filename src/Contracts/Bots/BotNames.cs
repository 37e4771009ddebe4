namespace Platform.Contracts.Bots;

/// <summary>The bots that reach people, as events and tables name them.</summary>
public static class BotNames
{
    /// <summary>For guests.</summary>
    public const string Client = "client";

    /// <summary>For the staff at the counter.</summary>
    public const string Barista = "barista";
}
