using Microsoft.EntityFrameworkCore;
using Platform.Bots.ClientBot;
using Platform.Bots.Conversations;
using Platform.ServiceDefaults;

namespace Platform.Bots.Storage;

internal sealed class BotsDb(DbContextOptions<BotsDb> options) : PlatformDb(options, "bots")
{
    public DbSet<Chat> Chats => Set<Chat>();

    public DbSet<Countdown> Countdowns => Set<Countdown>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Chat>(chat =>
        {
            chat.HasKey(c => new { c.Bot, c.TelegramId });
            chat.Property(c => c.Form).HasColumnType("jsonb");
            chat.Property(c => c.FailedUpdate).HasColumnType("jsonb");
        });
        modelBuilder.Entity<Countdown>().HasKey(countdown => countdown.TelegramId);
    }
}
