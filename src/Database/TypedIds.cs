using Platform.Contracts;

namespace Platform.Database;

/// <summary>All typed ids in Contracts, found by reflection.</summary>
internal static class TypedIds
{
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(UserId).Assembly.GetTypes().Where(type => type.IsValueType && type.GetInterfaces().Any(
            implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(ITypedId<>))),
    ];

    /// <summary>For EF Core's converters: an expression tree cannot call a static member of a type parameter.</summary>
    public static TId From<TId>(long value) where TId : struct, ITypedId<TId> => TId.From(value);
}
