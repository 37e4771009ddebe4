using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>
/// Looks at the rest of a body that lacks a field. The serializer stops there, and so the limits of the other fields are not checked:
/// people would be told of one mistake after the other.
/// </summary>
internal sealed class WholeBody(IOptions<JsonOptions> json, IOptions<ValidationOptions> validation)
{
    /// <summary>What can be read a second time. Longer ones are lists and texts that no form has.</summary>
    private const int Largest = 16 * 1024;

    private readonly Lazy<JsonSerializerOptions> _lenient = new(() => new JsonSerializerOptions(json.Value.SerializerOptions)
    {
        TypeInfoResolver = json.Value.SerializerOptions.TypeInfoResolver!.WithAddedModifier(RequireNothing),
    });

    /// <summary>Keeps a small body until the request is over.</summary>
    public static void Keep(HttpRequest request)
    {
        if (request.ContentLength is > 0 and <= Largest and var length)
        {
            request.EnableBuffering(bufferThreshold: (int)length);
        }
    }

    /// <param name="missing">The fields that are known to be missing.</param>
    /// <returns>Those, and what is wrong with the others.</returns>
    public async Task<IDictionary<string, string[]>> Errors(HttpContext http, IDictionary<string, string[]> missing)
    {
        // The exception handler has taken the endpoint off the request; its feature remembers it.
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        if (!http.Request.Body.CanSeek || endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } type
            // Such a type looks at its fields together, and counts on their being there.
            || type.IsAssignableTo(typeof(IValidatableObject)))
        {
            return missing;
        }

        http.Request.Body.Position = 0;
        if (await Read(http.Request.Body, type, http.RequestAborted) is not { } body)
        {
            return missing;
        }

#pragma warning disable ASP0029 // The framework's validation is marked as experimental where it is called by hand.
        if (!validation.Value.TryGetValidatableTypeInfo(type, out var limits))
        {
            return missing;
        }

        var context = new ValidateContext { ValidationOptions = validation.Value, ValidationContext = new ValidationContext(body, http.RequestServices, items: null) };
        await limits.ValidateAsync(body, context, http.RequestAborted);
        var others = FieldNames.InJson(context.ValidationErrors ?? []).Where(error => !missing.ContainsKey(error.Key));
#pragma warning restore ASP0029
        return missing.Concat(others).ToDictionary();
    }

    private async Task<object?> Read(Stream body, Type type, CancellationToken ct)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(body, type, _lenient.Value, ct);
        }
        catch (JsonException)
        {
            // Something else is wrong behind the field that was missing. It is told once that field is there.
            return null;
        }
    }

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = false;
        }
    }
}
