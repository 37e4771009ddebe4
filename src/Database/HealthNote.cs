namespace Platform.Database;

public static class HealthNote
{
    /// <summary>Key in a health check's data for a public note: a few words, never an address or the text of an exception.</summary>
    public const string Key = "note";
}
