using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Platform.Database;

/// <summary>Stores enums as text: numbers change meaning when members are reordered, and a Postgres enum cannot lose a member.</summary>
internal sealed class EnumsAsText : IPropertyAddedConvention
{
    public void ProcessPropertyAdded(IConventionPropertyBuilder propertyBuilder, IConventionContext<IConventionPropertyBuilder> context)
    {
        var type = Nullable.GetUnderlyingType(propertyBuilder.Metadata.ClrType) ?? propertyBuilder.Metadata.ClrType;
        if (type.IsEnum)
        {
            propertyBuilder.HasConverter(typeof(Converter<>).MakeGenericType(type));
        }
    }

    internal sealed class Converter<TEnum>() : ValueConverter<TEnum, string>(value => EnumText.Of(value), text => EnumText.Parse<TEnum>(text))
        where TEnum : struct, Enum;
}

/// <summary>Enums as the database has them: <c>CodeUsed</c> is <c>code_used</c>.</summary>
public static class EnumText
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => Texts<TEnum>.Of.TryGetValue(value, out var text)
        ? text
        : throw new InvalidOperationException($"{value} is not a {typeof(TEnum).Name}.");

    public static TEnum Parse<TEnum>(string text) where TEnum : struct, Enum => Texts<TEnum>.Parsed.TryGetValue(text, out var value)
        ? value
        : throw new InvalidOperationException($"'{text}' is not a {typeof(TEnum).Name}.");

    private static class Texts<TEnum> where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> Of = Enum.GetValues<TEnum>()
            .ToDictionary(value => value, value => SnakeCaseNames.Of(value.ToString()));

        public static readonly Dictionary<string, TEnum> Parsed = Of.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}
