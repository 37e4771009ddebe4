namespace Platform.Ops;

/// <summary>What the command ends with; the services' own verbs use the same numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Stopped = 130;

    public const string Meaning = "It ends with 0 when done, 1 when it failed, 2 when called wrongly or a setting is missing, 130 when stopped.";
}
