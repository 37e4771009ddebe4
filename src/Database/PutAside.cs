namespace Platform.Database;

/// <summary>Something that was sent to a service from outside, and that it could neither read nor store. Told without content: that may be personal data.</summary>
/// <param name="What">In a few words.</param>
/// <param name="Reason">Why it was put aside: a kind of fault, and nothing of what was sent.</param>
public sealed record PutAside(Guid Id, string What, string Reason, DateTimeOffset At);

/// <summary>What the verb <c>messages</c> works on.</summary>
internal sealed record PutAsideMessages(
    Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<PutAside>>> List,
    Func<IServiceProvider, IReadOnlyCollection<Guid>?, CancellationToken, Task<IReadOnlyList<Guid>>> Discard);

public static class PutAsideExtensions
{
    /// <summary>Lets an operator list and discard what the service puts aside: <c>messages list</c>, <c>messages discard</c>.</summary>
    /// <param name="discard">Null for all; answers which were there.</param>
    public static IServiceCollection AddPutAsideMessages(
        this IServiceCollection services,
        Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<PutAside>>> list,
        Func<IServiceProvider, IReadOnlyCollection<Guid>?, CancellationToken, Task<IReadOnlyList<Guid>>> discard) =>
        services.AddSingleton(new PutAsideMessages(list, discard));
}
