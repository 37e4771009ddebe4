using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Platform.Database;

/// <summary>Names tables and columns as the SQL migrations do, unless the mapping names them.</summary>
internal sealed class SnakeCaseNames : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var entity in modelBuilder.Metadata.GetEntityTypes())
        {
            if (entity.BaseType is null && !entity.IsOwned())
            {
                entity.Builder.ToTable(Plural(Of(entity.ClrType.Name)));
            }

            NameColumns(entity);
        }
    }

    /// <summary>Converts <c>LifetimePoints</c> to <c>lifetime_points</c>.</summary>
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static void NameColumns(IConventionTypeBase type)
    {
        foreach (var property in type.GetDeclaredProperties())
        {
            property.Builder.HasColumnName(Of(property.GetColumnName()));
        }

        foreach (var complex in type.GetDeclaredComplexProperties())
        {
            NameColumns(complex.ComplexType);
        }
    }

    private static string Plural(string noun) => noun switch
    {
        [.., not ('a' or 'e' or 'i' or 'o' or 'u'), 'y'] => $"{noun[..^1]}ies",
        [.., 's' or 'x'] or [.., 'c' or 's', 'h'] => $"{noun}es",
        _ => $"{noun}s",
    };
}
