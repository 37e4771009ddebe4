using Platform.Contracts;

namespace Platform.Database;

/// <summary>Every typed id that Contracts has: a new one is mapped without a word here.</summary>
internal static class TypedIds
{
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(UserId).Assembly.GetTypes().Where(type => type.IsValueType && type.GetInterfaces().Any(
            implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(ITypedId<>))),
    ];

    /// <summary>An expression tree, as EF Core's converters are, cannot call a static member of a type parameter.</summary>
    public static TId From<TId>(long value) where TId : struct, ITypedId<TId> => TId.From(value);
}
