using Platform.Contracts;

namespace Platform.Database;

/// <summary>Ends a verb with a message for the operator and an <see cref="ExitCode"/>.</summary>
public abstract class VerbFailedException(string message, int exitCode, Exception? cause = null) : Exception(message, cause)
{
    public int Code => exitCode;
}
