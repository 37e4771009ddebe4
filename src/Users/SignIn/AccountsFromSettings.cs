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

/// <summary>Who can sign in before anybody was added: the admin, and each bot by a key of its own.</summary>
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
    [Required(ErrorMessage = "BOT_API_KEY_CLIENT is missing: what the client bot proves itself with.")]
    [StringLength(200, MinimumLength = BotKey.MinLength, ErrorMessage = "BOT_API_KEY_CLIENT must have 32 to 200 characters.")]
    public string ClientBotKey { get; set; } = "";

    [ConfigurationKeyName("BOT_API_KEY_BARISTA")]
    [Required(ErrorMessage = "BOT_API_KEY_BARISTA is missing: what the barista bot proves itself with.")]
    [StringLength(200, MinimumLength = BotKey.MinLength, ErrorMessage = "BOT_API_KEY_BARISTA must have 32 to 200 characters.")]
    public string BaristaBotKey { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ClientBotKey == BaristaBotKey)
        {
            yield return new ValidationResult("BOT_API_KEY_CLIENT and BOT_API_KEY_BARISTA are the same: the client bot could act for the staff.");
        }
    }
}

/// <summary>
/// Makes what the settings say true at each start, before the service answers: a changed login, password or key works from then on, and
/// the old one no more. Replicas that start at once take turns.
/// </summary>
/// <remarks>
/// While settings are being changed, replicas with the old ones go on running and may restart. What was replaced once is remembered, so
/// they bring nothing back; an owner who means to go back raises <see cref="UsersOptions.AccountsVersion"/>.
/// </remarks>
internal sealed partial class AccountsFromSettings(
    IServiceScopeFactory scopes, IOptions<AccountSettings> settings, IOptions<UsersOptions> options, TimeProvider clock,
    ILogger<AccountsFromSettings> log) : IHostedService
{
    /// <summary>What the holder of <c>BOT_API_KEY_CLIENT</c> is called in tokens and in the audit.</summary>
    public const string ClientBot = "client-bot";

    /// <summary>What the holder of <c>BOT_API_KEY_BARISTA</c> is called in tokens and in the audit.</summary>
    public const string BaristaBot = "barista-bot";

    private const string LoginSetting = "ADMIN_LOGIN";
    private const string PasswordSetting = "ADMIN_PASSWORD";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, outbox) = (scope.ServiceProvider.GetRequiredService<UsersDb>(), scope.ServiceProvider.GetRequiredService<Outbox>());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('users.accounts_from_settings', 0))", cancellationToken);

        var replaced = await ReplacedSettings.Read(db, clock.GetUtcNow(), cancellationToken);
        var admin = await db.Credentials.SingleOrDefaultAsync(credential => credential.FromSettings, cancellationToken);
        var inForce = admin?.SettingsVersion ?? 0;
        if (options.Value.AccountsVersion < inForce)
        {
            LogOlderVersion(options.Value.AccountsVersion, inForce);
            return;
        }

        if (options.Value.AccountsVersion > inForce)
        {
            replaced.Forget();
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
            PasswordHash = Passwords.Hasher.HashPassword(Passwords.Nobody, settings.Value.AdminPassword),
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

        switch (Passwords.Hasher.VerifyHashedPassword(Passwords.Nobody, credential.PasswordHash, password))
        {
            // The same password, which only needs a stronger hash.
            case PasswordVerificationResult.SuccessRehashNeeded:
                credential.PasswordHash = Passwords.Hasher.HashPassword(Passwords.Nobody, password);
                break;

            case PasswordVerificationResult.Failed when !IsReplaced(PasswordSetting, former =>
                Passwords.Hasher.VerifyHashedPassword(Passwords.Nobody, former, password) != PasswordVerificationResult.Failed):
                replaced.Add(PasswordSetting, credential.PasswordHash);
                (credential.PasswordHash, changed) = (Passwords.Hasher.HashPassword(Passwords.Nobody, password), true);
                break;
        }

        if (changed)
        {
            credential.ChangedAt = now;
            var admin = await db.Staff.SingleAsync(member => member.Id == credential.StaffId, ct);
            admin.EndTokens();
            await TokenFamily.RevokeAllOf(admin.Id, Revocation.PasswordChanged, db, now, ct);
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

        // Keys are unique: one that goes from a bot to the other leaves the one before the other gets it.
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The admin's login or password has changed in the settings; sign-ins from before are ended.")]
    private partial void LogAdminChanged();

    [LoggerMessage(Level = LogLevel.Information, Message = "The key of {Bot} has changed in the settings; the old one is refused.")]
    private partial void LogBotKeyChanged(string bot);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Setting} is a value that was replaced before; the newer one stays in force. To go back to it, raise Users:AccountsVersion on every replica.")]
    private partial void LogReplaced(string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Users:AccountsVersion is {Version}, and {InForce} is in force: the admin's login and password and the bots' keys of this replica change nothing.")]
    private partial void LogOlderVersion(int version, int inForce);
}
