using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Platform.ServiceDefaults.Web.Errors;

/// <summary>Validates the rest of a body with a missing field, where the serializer stops: callers see all their mistakes at once.</summary>
internal sealed class BodyRevalidation(IOptions<JsonOptions> json, IOptions<ValidationOptions> validation)
{
    /// <summary>Largest body that is buffered for a second read, in bytes. Forms are smaller.</summary>
    private const int MaxSize = 16 * 1024;

    private readonly Lazy<JsonSerializerOptions> _lenient = new(() => new JsonSerializerOptions(json.Value.SerializerOptions)
    {
        TypeInfoResolver = json.Value.SerializerOptions.TypeInfoResolver!.WithAddedModifier(RequireNothing),
    });

    /// <summary>Buffers a small body until the request ends.</summary>
    public static void Buffer(HttpRequest request)
    {
        if (request.ContentLength is > 0 and <= MaxSize and var length)
        {
            request.EnableBuffering(bufferThreshold: (int)length);
        }
    }

    /// <returns>Those errors and the other fields'.</returns>
    public async Task<IDictionary<string, string[]>> Errors(HttpContext http, IDictionary<string, string[]> missing)
    {
        // The exception handler middleware removes the endpoint from the request and keeps it in its feature.
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        if (!http.Request.Body.CanSeek || endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } type
            // Such a type checks its fields together and needs all of them.
            || type.IsAssignableTo(typeof(IValidatableObject)))
        {
            return missing;
        }

        http.Request.Body.Position = 0;
        if (await Read(http.Request.Body, type, http.RequestAborted) is not { } body)
        {
            return missing;
        }

#pragma warning disable ASP0029 // Calling the framework's validation directly is experimental.
        if (!validation.Value.TryGetValidatableTypeInfo(type, out var limits))
        {
            return missing;
        }

        var context = new ValidateContext
        {
            ValidationOptions = validation.Value,
            ValidationContext = new ValidationContext(body, http.RequestServices, items: null),
        };
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
            // The JSON has another fault, which the caller sees once the field is there.
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
