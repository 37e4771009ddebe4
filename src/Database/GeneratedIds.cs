using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Platform.Database;

/// <summary>Has the database generate an entity's own typed <c>Id</c>, as EF Core does only for plain numbers. Other ids are not.</summary>
internal sealed class GeneratedIds : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var entity in modelBuilder.Metadata.GetEntityTypes())
        {
            if (entity.FindPrimaryKey()?.Properties is [{ Name: "Id" } id] && TypedIds.All.Contains(id.ClrType))
            {
                id.Builder.ValueGenerated(ValueGenerated.OnAdd);
            }
        }
    }
}
