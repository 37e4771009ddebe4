using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Contracts;

namespace Platform.ServiceDefaults.Web.OpenApi;

/// <summary>Documents the JSON form of types with custom converters, which the framework cannot see.</summary>
internal static class SchemaTypes
{
    public static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(Money) || type == typeof(Points);
    }

    /// <summary>Typed ids have named schemas, so that API clients can tell them apart too.</summary>
    public static bool IsTypedId(Type type) => (Nullable.GetUnderlyingType(type) ?? type).GetInterfaces()
        .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ITypedId<>));

    // The framework documents lengths, ranges and patterns, but not allowed values.
    private static AllowedValuesAttribute? AllowedValues(OpenApiSchemaTransformerContext context)
    {
        ICustomAttributeProvider?[] places =
        [
            (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo,
            context.JsonPropertyInfo?.AttributeProvider,
            context.JsonPropertyInfo?.AssociatedParameter?.AttributeProvider,
        ];
        return places.SelectMany(place => place?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true) ?? [])
            .OfType<AllowedValuesAttribute>().FirstOrDefault();
    }

    public static Task Correct(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        // The framework documents a parsed route or query parameter as a string.
        var type = context.ParameterDescription is { ParameterDescriptor.ParameterType: { } parsed } parameter && parameter.Source != BindingSource.Body
            ? parsed
            : context.JsonTypeInfo.Type;
        var scalar = Nullable.GetUnderlyingType(type) ?? type;
        var nullable = type == scalar ? schema.Type.GetValueOrDefault() & JsonSchemaType.Null : JsonSchemaType.Null;
        if (scalar == typeof(string))
        {
            schema.Type = JsonSchemaType.String | nullable;
            if (AllowedValues(context) is { } allowed)
            {
                schema.Enum = [.. allowed.Values.OfType<string>().Select(value => (JsonNode)value)];
            }
        }
        else if (scalar == typeof(DateTimeOffset))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String | nullable, "date-time");
        }
        else if (scalar == typeof(Money))
        {
            (schema.Type, schema.MultipleOf) = (JsonSchemaType.Number | nullable, 0.01m);
            schema.Description ??= "Roubles, with two decimal places.";
        }
        else if (scalar == typeof(Points))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.Integer | nullable, "int64");
        }
        else if (IsTypedId(scalar))
        {
            (schema.Type, schema.Format, schema.Minimum) = (JsonSchemaType.Integer, "int64", "1");
            if (context.JsonPropertyInfo is not null && type != scalar)
            {
                // The framework omits these for a property with a default, and would then inline the id's schema.
                schema.Metadata ??= new Dictionary<string, object>();
                schema.Metadata["x-schema-id"] = SchemaNames.Of(scalar);
                schema.Metadata["x-is-nullable-property"] = true;
            }
        }
        else if (context.JsonTypeInfo.Kind is JsonTypeInfoKind.Object && context.JsonPropertyInfo is null)
        {
            // The framework marks every parameter of a record as required, even nullable ones.
            schema.Required = context.JsonTypeInfo.Properties.Where(property => property.IsRequired).Select(property => property.Name).ToHashSet();
        }

        return Task.CompletedTask;
    }
}
