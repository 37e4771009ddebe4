namespace Platform.Database.Jobs;

/// <summary>
/// Recurring work, done by one replica of the service at a time. A pass must be safe to repeat and to run concurrently: claim
/// each due row with an update that only one process can win.
/// </summary>
public interface IJob
{
    /// <summary>Runs one pass, in a new scope. It must also do the work that came due while the job did not run.</summary>
    Task Run(CancellationToken ct);
}
