using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Users.Activity;
using Platform.Users.Mail;
using Platform.Users.Membership;
using Platform.Users.People;
using Platform.Users.SignIn;
using Platform.Users.Staff;
using Platform.Users.Switches;

namespace Platform.Users.Storage;

internal sealed class UsersDb(DbContextOptions<UsersDb> options) : PlatformDb(options, "users")
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

    public DbSet<ReplacedSetting> ReplacedSettings => Set<ReplacedSetting>();

    public DbSet<BotKey> BotKeys => Set<BotKey>();

    public DbSet<TokenFamily> TokenFamilies => Set<TokenFamily>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<EmailCode> EmailCodes => Set<EmailCode>();

    /// <summary>The person with this address, if any: found by the unique index.</summary>
    public IQueryable<User> UsersWith(EmailAddress email) => Rows<User>($"where lower(email) = {email.Value}");

    /// <summary>Reads a person and locks them until the transaction ends.</summary>
    public async Task<User?> LockUser(UserId id, CancellationToken ct)
    {
        var found = await Rows<User>($"where id = {id.Value} for update").ToListAsync(ct);
        return found is [var user] ? user : null;
    }

    /// <inheritdoc cref="LockUser(UserId, CancellationToken)"/>
    public async Task<User?> LockUser(EmailAddress email, CancellationToken ct)
    {
        var found = await Rows<User>($"where lower(email) = {email.Value} for update").ToListAsync(ct);
        return found is [var user] ? user : null;
    }

    /// <returns>Null also when several people have proven this number: then it does not identify anyone.</returns>
    /// <inheritdoc cref="LockUser(UserId, CancellationToken)"/>
    public async Task<User?> LockUser(PhoneNumber verified, CancellationToken ct)
    {
        var found = await Rows<User>(
            $"where phone = {verified.E164} and phone_verified_at is not null order by id for update").ToListAsync(ct);
        return found is [var user] ? user : null;
    }

    /// <summary>Reads a member of the staff who works here now, and locks them until the transaction ends.</summary>
    public async Task<StaffMember?> LockStaff(TelegramId telegramId, CancellationToken ct)
    {
        var found = await Rows<StaffMember>($"where telegram_id = {telegramId.Value} and removed_at is null for update").ToListAsync(ct);
        return found is [var member] ? member : null;
    }

    /// <summary>Serializes registrations of a Telegram account, which would otherwise fail on the unique index.</summary>
    public Task LockRegistration(TelegramId telegramId, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('users.register', {telegramId.Value}))", ct);

    /// <summary>Serializes registrations of an address.</summary>
    public Task LockRegistration(EmailAddress email, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({email.Subject}, 0))", ct);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<User>(user =>
        {
            // Erased people are hidden from every query; only their id is left.
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
        modelBuilder.Entity<ReplacedSetting>().Property(setting => setting.Id).UseIdentityAlwaysColumn();
        modelBuilder.Entity<LoginFailures>().ToTable("login_failures").HasKey(failures => failures.LoginHash);
        modelBuilder.Entity<BotKey>();
        modelBuilder.Entity<TokenFamily>();
        modelBuilder.Entity<EmailCode>().ToTable("mailed_codes").HasKey(code => code.RequestHash);
        modelBuilder.Entity<RefreshToken>(token =>
        {
            token.HasKey(t => t.Hash);
            // Tells EF Core to write a new family before its first token.
            token.HasOne<TokenFamily>().WithMany().HasForeignKey(t => t.FamilyId);
        });
    }
}
