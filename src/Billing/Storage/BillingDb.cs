using Microsoft.EntityFrameworkCore;
using Platform.Billing.Accounts;
using Platform.Billing.Credits;
using Platform.Billing.Operations;
using Platform.Billing.Plans;
using Platform.ServiceDefaults;

namespace Platform.Billing.Storage;

internal sealed class BillingDb(DbContextOptions<BillingDb> options) : PlatformDb(options, "billing")
{
    public DbSet<UserBalance> Balances => Set<UserBalance>();

    public DbSet<CreditTransaction> Transactions => Set<CreditTransaction>();

    public DbSet<Operation> Operations => Set<Operation>();

    public DbSet<Plan> Plans => Set<Plan>();

    public DbSet<Subscription> Subscriptions => Set<Subscription>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<UserBalance>().HasKey(account => account.UserId);
        modelBuilder.Entity<CreditTransaction>(transaction =>
        {
            transaction.HasKey(row => new { row.UserId, row.Id });
            transaction.Property(row => row.Metadata).HasColumnType("jsonb");
        });
        modelBuilder.Entity<Operation>(operation =>
        {
            operation.HasKey(row => row.Name);
            operation.Property(row => row.PricePer1000Tokens).HasColumnName("price_per_1000_tokens");
        });
        modelBuilder.Entity<Plan>().HasKey(plan => plan.Key);
        modelBuilder.Entity<Subscription>().HasKey(subscription => subscription.UserId);
    }
}
