using System.Collections.ObjectModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

// The part of Aspire's application model that AppHost uses. What is public here is public there, under the same name.

public interface IResource
{
    string Name { get; }

    ResourceAnnotationCollection Annotations { get; }
}

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithArgs : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithWaitSupport : IResource;

public interface IResourceAnnotation;

public interface IResourceCollection : IList<IResource>;

public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

public abstract class Resource(string name) : IResource
{
    public virtual string Name => name;

    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string Command => command;

    public string WorkingDirectory => workingDirectory;
}

public class ContainerResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    internal ContainerResource(string name)
        : base(name)
    {
    }
}

public class ParameterResource : Resource
{
    internal ParameterResource(string name, Func<string> value)
        : base(name) => Value = value;

    internal Func<string> Value { get; }
}

public enum ResourceAnnotationMutationBehavior
{
    Append = 0,
    Replace = 1,
}

public interface IResourceBuilder<out T>
    where T : IResource
{
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    T Resource { get; }

    IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation;
}

public static class KnownResourceStates
{
    public static readonly string Waiting = "Waiting";
    public static readonly string Running = "Running";
    public static readonly string Finished = "Finished";
    public static readonly string FailedToStart = "FailedToStart";
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart];
}

public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
}

public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}

public sealed record CustomResourceSnapshot
{
    public ResourceStateSnapshot? State { get; init; }

    public int? ExitCode { get; init; }

    public HealthStatus? HealthStatus { get; internal init; }
}

public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource => resource;

    public string ResourceId => resourceId;

    public CustomResourceSnapshot Snapshot => snapshot;
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public string? Message { get; init; }
}

// What follows is the stand-in's own way to note down what the extension methods ask for.
internal sealed record WaitNote(IResource Dependency, int? ExitCode) : IResourceAnnotation;

internal sealed record EndpointNote(string Name, int Port) : IResourceAnnotation
{
    public string Url => $"http://localhost:{Port}";
}

internal sealed record EnvironmentNote(Action<IDictionary<string, string>> Add) : IResourceAnnotation;

internal sealed record ArgumentsNote(IReadOnlyList<string> Arguments) : IResourceAnnotation;

internal sealed record HealthNote(string Key) : IResourceAnnotation;
