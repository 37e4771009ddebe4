using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Platform.ServiceDefaults.Web.OpenApi;

/// <summary>Unique schema names: every use case has a <c>Request</c> and a <c>Response</c>, which the framework would not tell apart.</summary>
internal static class SchemaNames
{
    /// <returns>Null for an inline schema.</returns>
    public static string? Of(JsonTypeInfo type) =>
        SchemaTypes.IsTypedId(type.Type) ? Of(type.Type)
        : SchemaTypes.IsScalar(type.Type) || OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null
        : Of(type.Type);

    public static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType)
        {
            return type.Name[..type.Name.IndexOf('`')] + "Of" + string.Join("And", type.GetGenericArguments().Select(Of));
        }

        return type.DeclaringType is { IsGenericType: false } useCase ? Of(useCase) + type.Name : type.Name;
    }
}
