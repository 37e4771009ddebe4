namespace Platform.Database;

/// <summary>External input that a service could neither read nor store. It has no content, which may be personal data.</summary>
/// <param name="What">What it is, in a few words.</param>
/// <param name="Reason">The kind of fault, without any of the content.</param>
public sealed record QuarantinedMessage(Guid Id, string What, string Reason, DateTimeOffset At);

/// <summary>Used by the verb <c>messages</c>.</summary>
internal sealed record QuarantinedMessages(
    Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<QuarantinedMessage>>> List,
    Func<IServiceProvider, IReadOnlyCollection<Guid>?, CancellationToken, Task<IReadOnlyList<Guid>>> Discard);

public static class QuarantineExtensions
{
    /// <summary>Lets an operator list and discard quarantined input: <c>messages list</c>, <c>messages discard</c>.</summary>
    /// <param name="discard">Takes ids, or null for all, and returns the ids that it discarded.</param>
    public static IServiceCollection AddQuarantinedMessages(
        this IServiceCollection services,
        Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<QuarantinedMessage>>> list,
        Func<IServiceProvider, IReadOnlyCollection<Guid>?, CancellationToken, Task<IReadOnlyList<Guid>>> discard) =>
        services.AddSingleton(new QuarantinedMessages(list, discard));
}
