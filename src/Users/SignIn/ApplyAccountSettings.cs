using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Staff;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>The accounts that come from settings: the first admin, and a key for each bot.</summary>
internal sealed class AccountSettings : IValidatableObject
{
    [ConfigurationKeyName("ADMIN_LOGIN")]
    [Required(ErrorMessage = "ADMIN_LOGIN is missing: the login of the first admin.")]
    [StringLength(100, ErrorMessage = "ADMIN_LOGIN is longer than 100 characters.")]
    public string AdminLogin { get; set; } = "";

    [ConfigurationKeyName("ADMIN_PASSWORD")]
    [Required(ErrorMessage = "ADMIN_PASSWORD is missing: the password of the first admin.")]
    [StringLength(200, MinimumLength = 12, ErrorMessage = "ADMIN_PASSWORD must have 12 to 200 characters.")]
    public string AdminPassword { get; set; } = "";

    [ConfigurationKeyName("BOT_API_KEY_CLIENT")]
    [Required(ErrorMessage = "BOT_API_KEY_CLIENT is missing: the key that the client bot authenticates with.")]
    [StringLength(200, MinimumLength = BotKey.MinLength, ErrorMessage = "BOT_API_KEY_CLIENT must have 32 to 200 characters.")]
    public string ClientBotKey { get; set; } = "";

    [ConfigurationKeyName("BOT_API_KEY_BARISTA")]
    [Required(ErrorMessage = "BOT_API_KEY_BARISTA is missing: the key that the barista bot authenticates with.")]
    [StringLength(200, MinimumLength = BotKey.MinLength, ErrorMessage = "BOT_API_KEY_BARISTA must have 32 to 200 characters.")]
    public string BaristaBotKey { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ClientBotKey == BaristaBotKey)
        {
            yield return new ValidationResult("BOT_API_KEY_CLIENT and BOT_API_KEY_BARISTA must differ, or the client bot could act for the staff.");
        }
    }
}

/// <summary>
/// Applies <see cref="AccountSettings"/> at each start, before the service accepts requests: a changed login, password or key replaces the
/// old one. Replicas that start at the same time wait for each other.
/// </summary>
/// <remarks>
/// During a rollout, replicas with the old settings keep running and may restart. Replaced values are remembered, so those replicas cannot
/// bring them back; to go back on purpose, raise <see cref="UsersOptions.AccountsVersion"/>.
/// </remarks>
internal sealed partial class ApplyAccountSettings(
    IServiceScopeFactory scopes, IOptions<AccountSettings> settings, IOptions<UsersOptions> options, TimeProvider clock,
    ILogger<ApplyAccountSettings> log) : IHostedService
{
    /// <summary>Name of the holder of <c>BOT_API_KEY_CLIENT</c> in tokens and in the audit.</summary>
    public const string ClientBot = "client-bot";

    /// <summary>Name of the holder of <c>BOT_API_KEY_BARISTA</c> in tokens and in the audit.</summary>
    public const string BaristaBot = "barista-bot";

    private const string LoginSetting = "ADMIN_LOGIN";
    private const string PasswordSetting = "ADMIN_PASSWORD";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, outbox) = (scope.ServiceProvider.GetRequiredService<UsersDb>(), scope.ServiceProvider.GetRequiredService<Outbox>());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('users.accounts_from_settings', 0))", cancellationToken);

        var replaced = await ReplacedSettings.Load(db, clock.GetUtcNow(), cancellationToken);
        var admin = await db.Credentials.SingleOrDefaultAsync(credential => credential.FromSettings, cancellationToken);
        var inForce = admin?.SettingsVersion ?? 0;
        if (options.Value.AccountsVersion < inForce)
        {
            LogOlderVersion(options.Value.AccountsVersion, inForce);
            return;
        }

        if (options.Value.AccountsVersion > inForce)
        {
            replaced.Clear();
        }

        admin = await (admin is null ? AddAdmin(db, cancellationToken) : ChangeAdmin(admin, replaced, db, outbox, cancellationToken));
        admin.SettingsVersion = options.Value.AccountsVersion;
        await SetBotKeys(replaced, db, cancellationToken);

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<Credential> AddAdmin(UsersDb db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var admin = new StaffMember { FullName = "Administrator", Role = Role.Admin, AddedAt = now };
        db.Add(admin);
        await db.SaveChangesAsync(ct);
        var credential = new Credential
        {
            Login = Credential.Normalize(settings.Value.AdminLogin),
            PasswordHash = Passwords.Hasher.HashPassword(Passwords.NoUser, settings.Value.AdminPassword),
            StaffId = admin.Id,
            FromSettings = true,
            CreatedAt = now,
            ChangedAt = now,
        };
        db.Add(credential);
        return credential;
    }

    private async Task<Credential> ChangeAdmin(Credential credential, ReplacedSettings replaced, UsersDb db, Outbox outbox, CancellationToken ct)
    {
        var (login, password, now) = (Credential.Normalize(settings.Value.AdminLogin), settings.Value.AdminPassword, clock.GetUtcNow());
        var changed = false;
        if (credential.Login != login && !IsReplaced(LoginSetting, former => former == login))
        {
            replaced.Add(LoginSetting, credential.Login);
            (credential.Login, changed) = (login, true);
        }

        switch (Passwords.Hasher.VerifyHashedPassword(Passwords.NoUser, credential.PasswordHash, password))
        {
            // The same password, stored with an outdated hash.
            case PasswordVerificationResult.SuccessRehashNeeded:
                credential.PasswordHash = Passwords.Hasher.HashPassword(Passwords.NoUser, password);
                break;

            case PasswordVerificationResult.Failed when !IsReplaced(PasswordSetting, former =>
                Passwords.Hasher.VerifyHashedPassword(Passwords.NoUser, former, password) != PasswordVerificationResult.Failed):
                replaced.Add(PasswordSetting, credential.PasswordHash);
                (credential.PasswordHash, changed) = (Passwords.Hasher.HashPassword(Passwords.NoUser, password), true);
                break;
        }

        if (changed)
        {
            credential.ChangedAt = now;
            var admin = await db.Staff.SingleAsync(member => member.Id == credential.StaffId, ct);
            admin.RevokeTokens();
            await TokenFamily.RevokeAll(admin.Id, Revocation.PasswordChanged, db, now, ct);
            await RevokedUsers.RevokeStaff(db, admin.Id, admin.Version, ct);
            outbox.Add(new StaffTokensRevoked { StaffId = admin.Id, Version = admin.Version });
            LogAdminChanged();
        }

        return credential;

        bool IsReplaced(string setting, Func<string, bool> isIt)
        {
            var found = replaced.Has(setting, isIt);
            if (found)
            {
                LogReplaced(setting);
            }

            return found;
        }
    }

    private async Task SetBotKeys(ReplacedSettings replaced, UsersDb db, CancellationToken ct)
    {
        (string Bot, string Setting, byte[] Hash, Role Highest)[] keys =
        [
            (ClientBot, "BOT_API_KEY_CLIENT", BotKey.Hash(settings.Value.ClientBotKey), Role.Client),
            (BaristaBot, "BOT_API_KEY_BARISTA", BotKey.Hash(settings.Value.BaristaBotKey), Role.Staff),
        ];
        var known = await db.BotKeys.Where(key => key.Name == ClientBot || key.Name == BaristaBot).ToDictionaryAsync(key => key.Name, ct);
        var changed = new List<(BotKey Key, byte[] Hash)>();
        foreach (var (bot, setting, hash, highest) in keys)
        {
            if (!known.TryGetValue(bot, out var key))
            {
                var now = clock.GetUtcNow();
                db.Add(new BotKey { Name = bot, KeyHash = hash, HighestRole = highest, CreatedAt = now, ChangedAt = now });
            }
            else if (key.KeyHash.SequenceEqual(hash))
            {
            }
            else if (replaced.Has(setting, former => former == Convert.ToHexString(hash)))
            {
                LogReplaced(setting);
            }
            else
            {
                replaced.Add(setting, Convert.ToHexString(key.KeyHash));
                changed.Add((key, hash));
            }
        }

        // Keys are unique: when one moves from a bot to the other, the first must give it up before the second gets it.
        foreach (var (key, _) in changed)
        {
            await db.Database.ExecuteSqlAsync($"update bot_keys set key_hash = sha256(uuid_send(gen_random_uuid())) where id = {key.Id}", ct);
        }

        foreach (var (key, hash) in changed)
        {
            (key.KeyHash, key.ChangedAt) = (hash, clock.GetUtcNow());
            LogBotKeyChanged(key.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The admin's login or password changed in the settings. Earlier sign-ins have been ended.")]
    private partial void LogAdminChanged();

    [LoggerMessage(Level = LogLevel.Information, Message = "The key of {Bot} changed in the settings. The old key is refused.")]
    private partial void LogBotKeyChanged(string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Setting} has a value that was replaced earlier, so it is ignored. To go back to it, raise Users:AccountsVersion on every replica.")]
    private partial void LogReplaced(string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Users:AccountsVersion is {Version}, but {InForce} is in force: this replica's admin login, password and bot keys are ignored.")]
    private partial void LogOlderVersion(int version, int inForce);
}
