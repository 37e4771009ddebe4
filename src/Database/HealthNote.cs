namespace Platform.Database;

public static class HealthNote
{
    /// <summary>
    /// Key of a health check's data that anyone may see: a few words, never an address or the text of an exception.
    /// </summary>
    public const string Key = "note";
}
