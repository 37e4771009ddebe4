using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Platform.ServiceDefaults.Web.OpenApi;

/// <summary>Every use case has its own <c>Request</c> and <c>Response</c>, and the framework would name all of them the same.</summary>
internal static class SchemaNames
{
    /// <returns>Null for a schema that is written where it is used.</returns>
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
