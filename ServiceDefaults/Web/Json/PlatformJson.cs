using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Platform.ServiceDefaults.Web.Json;

/// <summary>JSON of every request and answer: camelCase, strict in what it takes.</summary>
internal static class PlatformJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new InstantConverter());
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireWhatHasNoDefault);
    }

    /// <summary>
    /// A field that can neither be null nor has a default must be sent: <c>string Name</c> and <c>bool Consent</c>, but
    /// neither <c>string? City</c> nor <c>int Limit = 20</c>. The framework's own switch for it demands nullable ones too.
    /// </summary>
    private static void RequireWhatHasNoDefault(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            // What has no setter is only ever written.
            if (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false, IsNullable: false, IsMemberInitializer: false } parameter }
                && Nullable.GetUnderlyingType(parameter.ParameterType) is null)
            {
                property.IsRequired = true;
            }
        }
    }
}
