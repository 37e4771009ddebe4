using Microsoft.EntityFrameworkCore;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.ServiceDefaults;

/// <summary>A service's DbContext with the tables that every service has (<see cref="PlatformTables"/>).</summary>
/// <param name="schema">Also the name of the service and of its role.</param>
public abstract class PlatformDb(DbContextOptions options, string schema) : ServiceDb(options, schema)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        AuditLog.Map(modelBuilder);
        modelBuilder.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("outbox");
            outbox.Property(message => message.Payload).HasColumnType("jsonb");
        });
    }
}
