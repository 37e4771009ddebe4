namespace Platform.Database.Jobs;

/// <summary>
/// Work that is due again and again, done by one replica of the service at a time. One pass must be safe to repeat and to
/// run beside another: each due row is taken by an update that only one can win.
/// </summary>
public interface IJob
{
    /// <summary>One pass. It catches up whatever fell due while nothing ran. Made in a scope of its own.</summary>
    Task Run(CancellationToken ct);
}
