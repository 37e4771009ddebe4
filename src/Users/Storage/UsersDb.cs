using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Database;
using Platform.Users.Activity;
using Platform.Users.Membership;
using Platform.Users.People;
using Platform.Users.SignIn;
using Platform.Users.Staff;
using Platform.Users.Switches;

namespace Platform.Users.Storage;

internal sealed class UsersDb(DbContextOptions<UsersDb> options) : ServiceDb(options, "users")
{
    public DbSet<User> Users => Set<User>();

    public DbSet<AcquisitionChannel> AcquisitionChannels => Set<AcquisitionChannel>();

    public DbSet<ActivityDay> ActivityDays => Set<ActivityDay>();

    public DbSet<MembershipPeriod> MembershipPeriods => Set<MembershipPeriod>();

    public DbSet<MembershipRefund> MembershipRefunds => Set<MembershipRefund>();

    public DbSet<FeatureSwitch> FeatureSwitches => Set<FeatureSwitch>();

    public DbSet<StaffMember> Staff => Set<StaffMember>();

    public DbSet<Credential> Credentials => Set<Credential>();

    public DbSet<LoginFailures> LoginFailures => Set<LoginFailures>();

    public DbSet<BotKey> BotKeys => Set<BotKey>();

    public DbSet<TokenFamily> TokenFamilies => Set<TokenFamily>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    /// <summary>Reads a person and keeps everybody else from changing him until the transaction ends.</summary>
    public async Task<User?> LockUser(UserId id, CancellationToken ct)
    {
        var found = await Users.FromSql($"select * from users where id = {id.Value} for update").ToListAsync(ct);
        return found is [var user] ? user : null;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<User>(user =>
        {
            // Who had himself erased is found nowhere; his number alone is left.
            user.HasQueryFilter(u => u.ErasedAt == null);
            user.Property(u => u.Id).UseIdentityAlwaysColumn();
            user.Property(u => u.ReferralCode).ValueGeneratedOnAdd();
            user.Property(u => u.MemberId).HasConversion(id => id.ToString(), text => MemberId.Stored(text!));
        });
        modelBuilder.Entity<AcquisitionChannel>().HasKey(channel => channel.UserId);
        modelBuilder.Entity<ActivityDay>().HasKey(day => new { day.UserId, day.Day, day.Kind });
        modelBuilder.Entity<UserStats>().HasNoKey().ToTable("user_stats");
        modelBuilder.Entity<UserActivity>().HasNoKey().ToTable("user_activity");
        modelBuilder.HasDbFunction(typeof(PersonText).GetMethod(nameof(PersonText.Of))!).HasName("person_text");
        modelBuilder.Entity<MembershipPeriod>().Property(period => period.TakenBack).HasColumnType("interval");
        modelBuilder.Entity<MembershipRefund>().HasKey(refund => refund.PaymentId);
        modelBuilder.Entity<FeatureSwitch>().HasKey(known => known.Feature);
        modelBuilder.Entity<StaffMember>().ToTable("staff").Property(member => member.Id).UseIdentityAlwaysColumn();
        modelBuilder.Entity<Credential>();
        modelBuilder.Entity<LoginFailures>().ToTable("login_failures").HasKey(failures => failures.LoginHash);
        modelBuilder.Entity<BotKey>();
        modelBuilder.Entity<TokenFamily>();
        modelBuilder.Entity<RefreshToken>(token =>
        {
            token.HasKey(t => t.Hash);
            // Tells EF Core to write a new family before its first token.
            token.HasOne<TokenFamily>().WithMany().HasForeignKey(t => t.FamilyId);
        });
    }
}
