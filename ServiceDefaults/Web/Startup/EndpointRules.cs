using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Platform.ServiceDefaults.Web.Startup;

/// <summary>
/// Stops a service whose endpoints have a hole that nobody would see: one open to anyone by mistake, or one whose limits
/// are not checked. In development, where the documentation is served, also one that lacks its part of it.
/// </summary>
internal sealed class EndpointRules(EndpointDataSource endpoints, IOptions<ValidationOptions> validation, IHostEnvironment environment)
    : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var complaints =
            from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
            // The endpoints that are handlers of ours; the framework's have none.
            let handler = endpoint.Metadata.GetMetadata<MethodInfo>()
            where handler is not null
            from complaint in ComplaintsOf(endpoint, handler)
            select $"{endpoint.DisplayName}: {complaint}";
        return complaints.ToArray() is { Length: > 0 } found
            ? throw new InvalidOperationException(string.Join(Environment.NewLine, found))
            : Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> ComplaintsOf(RouteEndpoint endpoint, MethodInfo handler) =>
        environment.IsDevelopment() ? [.. HolesOf(endpoint, handler), .. GapsInDocsOf(endpoint)] : HolesOf(endpoint, handler);

    private static IEnumerable<string> GapsInDocsOf(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is { ExcludeFromDescription: true })
        {
            yield break;
        }

        if (endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is null)
        {
            yield return "say what it does: WithSummary.";
        }

        var example = endpoint.Metadata.GetMetadata<EndpointDocs.Example>();
        if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null && example?.Request is null)
        {
            yield return "give an example of the body: WithExample.";
        }

        var answers = endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
            .Any(answer => answer.StatusCode is >= 200 and <= 299 && answer.Type is { } type && type != typeof(void));
        if (answers && example?.Response is null)
        {
            yield return "give an example of the answer: WithExample.";
        }
    }

    private IEnumerable<string> HolesOf(RouteEndpoint endpoint, MethodInfo handler)
    {
        if (endpoint.Metadata.GetMetadata<NeedsRole>() is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            yield return "say who may call it: RequireRole or AllowAnonymous.";
        }

        if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body && FirstUnchecked(body, []) is { } skipped)
        {
            yield return $"the limits of {skipped.FullName} would not be checked. Make it public, use IReadOnlyList<T> and no array, "
                + "and call builder.Services.AddValidation() in the service's own project.";
        }

        foreach (var parameter in handler.GetParameters().Where(HasLimits))
        {
#pragma warning disable ASP0029 // The framework's validation of parameters is marked as experimental; whether it is there is what is asked.
            if (!validation.Value.TryGetValidatableParameterInfo(parameter, out _))
#pragma warning restore ASP0029
            {
                yield return $"the limits of {parameter.Name} would not be checked: call builder.Services.AddValidation() in the service's own project.";
            }
        }
    }

    /// <returns>The first type in the body that has limits which validation does not know of.</returns>
    private Type? FirstUnchecked(Type type, HashSet<Type> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            return HasLimitsInside(type.GetElementType()!, []) ? type : null;
        }

        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return type.GetGenericArguments().Select(element => FirstUnchecked(element, seen)).FirstOrDefault(found => found is not null);
        }

        if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) is not false || !seen.Add(type))
        {
            return null;
        }

#pragma warning disable ASP0029
        return Fields(type).Any(HasLimits) && !validation.Value.TryGetValidatableTypeInfo(type, out _)
#pragma warning restore ASP0029
            ? type
            : type.GetProperties().Select(property => FirstUnchecked(property.PropertyType, seen)).FirstOrDefault(found => found is not null);
    }

    private static bool HasLimitsInside(Type type, HashSet<Type> seen) =>
        type.Namespace?.StartsWith("System", StringComparison.Ordinal) is false
        && seen.Add(type)
        && (Fields(type).Any(HasLimits) || type.GetProperties().Any(property => HasLimitsInside(property.PropertyType, seen)));

    // On a record's parameters or on its properties: validation reads both.
    private static IEnumerable<ICustomAttributeProvider> Fields(Type type) =>
        [.. type.GetProperties(), .. type.GetConstructors().SelectMany(constructor => constructor.GetParameters())];

    private static bool HasLimits(ICustomAttributeProvider field) => field.IsDefined(typeof(ValidationAttribute), inherit: true);
}
