using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Adjustments;
using Platform.Loyalty.Alerts;
using Platform.Loyalty.Campaigns;
using Platform.Loyalty.Codes;
using Platform.Loyalty.Feedback;
using Platform.Loyalty.Levels;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Shifts;
using Platform.Loyalty.Shops;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Referrals;
using Platform.Loyalty.Rewards;
using Platform.Loyalty.Settings;
using Platform.Loyalty.StampCards;

namespace Platform.Loyalty.Storage;

internal sealed class LoyaltyDb(DbContextOptions<LoyaltyDb> options) : PlatformDb(options, "loyalty")
{
    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<Level> Levels => Set<Level>();

    public DbSet<PaymentCode> PaymentCodes => Set<PaymentCode>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Level>().HasKey(level => level.Key);
        modelBuilder.Entity<Account>().HasKey(account => account.UserId);
        modelBuilder.Entity<PointEntry>(entry =>
        {
            entry.HasKey(e => new { e.UserId, e.Id });
            entry.Property(e => e.Why).HasColumnType("jsonb");
        });
        modelBuilder.Entity<PointLot>().HasKey(lot => new { lot.UserId, lot.EntryId });
        modelBuilder.Entity<PaymentCode>().HasKey(code => code.Code);
        modelBuilder.Entity<GuestName>().HasKey(guest => guest.UserId);
        modelBuilder.Entity<Alert>().Property(alert => alert.Details).HasColumnType("jsonb");
        modelBuilder.Entity<Order>();
        modelBuilder.Entity<Refund>();
        modelBuilder.Entity<Shop>();
        modelBuilder.Entity<StaffShop>().HasKey(works => new { works.StaffId, works.ShopId });
        modelBuilder.Entity<Shift>();
        modelBuilder.Entity<FeedbackEntry>().ToTable("feedback");
        modelBuilder.Entity<Reply>();
        modelBuilder.Entity<Gift>();
        modelBuilder.Entity<Reward>();
        modelBuilder.Entity<StampCard>();
        modelBuilder.Entity<Stamp>().HasKey(stamp => new { stamp.UserId, stamp.CardId, stamp.OrderId });
        modelBuilder.Entity<Referral>().HasKey(referral => referral.UserId);
        modelBuilder.Entity<Campaign>();
        modelBuilder.Entity<Adjustment>();
        modelBuilder.Entity<LoyaltySettings>().ToTable("settings");
    }
}
