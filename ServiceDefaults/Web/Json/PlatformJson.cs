using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Platform.ServiceDefaults.Web.Json;

/// <summary>JSON of requests and responses: camelCase, strict when reading.</summary>
internal static class PlatformJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new NoNullCharacterConverter());
        options.Converters.Add(new InstantConverter());
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireFieldsWithoutDefault);
    }

    /// <summary>A field that is not nullable and has no default is required. The framework's own option would require nullable fields too.</summary>
    private static void RequireFieldsWithoutDefault(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            // A property without a setter is never read from JSON.
            if (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false, IsNullable: false, IsMemberInitializer: false } parameter }
                && Nullable.GetUnderlyingType(parameter.ParameterType) is null)
            {
                property.IsRequired = true;
            }
        }
    }
}
