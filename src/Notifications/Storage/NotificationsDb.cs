using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults;
using Platform.Notifications.Contacts;
using Platform.Notifications.Messages;
using Platform.Notifications.Preferences;

namespace Platform.Notifications.Storage;

internal sealed class NotificationsDb(DbContextOptions<NotificationsDb> options) : PlatformDb(options, "notifications")
{
    public DbSet<Contact> Contacts => Set<Contact>();

    public DbSet<GuestPreferences> Preferences => Set<GuestPreferences>();

    public DbSet<Notification> Notifications => Set<Notification>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Contact>().HasKey(contact => contact.UserId);
        modelBuilder.Entity<GuestPreferences>().ToTable("preferences").HasKey(preferences => preferences.UserId);
        modelBuilder.Entity<Notification>(notification =>
        {
            notification.HasKey(n => new { n.Id, n.CreatedAt });
            notification.Property(n => n.Parameters).HasColumnType("jsonb");
        });
    }
}
