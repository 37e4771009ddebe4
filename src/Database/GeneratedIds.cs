using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Platform.Database;

/// <summary>
/// An entity's own typed <c>Id</c> comes from the database (<c>generated always as identity</c>). EF Core assumes that for
/// plain numbers only. An id of something else, such as the <c>UserId</c> of an account, is never generated.
/// </summary>
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
