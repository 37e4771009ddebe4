using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
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
internal sealed partial class AccountsFromSettings(
    IServiceScopeFactory scopes, IOptions<AccountSettings> settings, TimeProvider clock, ILogger<AccountsFromSettings> log) : IHostedService
{
    /// <summary>What the holder of <c>BOT_API_KEY_CLIENT</c> is called in tokens and in the audit.</summary>
    public const string ClientBot = "client-bot";

    /// <summary>What the holder of <c>BOT_API_KEY_BARISTA</c> is called in tokens and in the audit.</summary>
    public const string BaristaBot = "barista-bot";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('users.accounts_from_settings', 0))", cancellationToken);

        await SetAdmin(db, cancellationToken);
        await TakeBackMovedKeys(db, cancellationToken);
        await SetBotKey(db, ClientBot, settings.Value.ClientBotKey, Role.Client, cancellationToken);
        await SetBotKey(db, BaristaBot, settings.Value.BaristaBotKey, Role.Staff, cancellationToken);

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SetAdmin(UsersDb db, CancellationToken ct)
    {
        var (login, password, now) = (Credential.Normalize(settings.Value.AdminLogin), settings.Value.AdminPassword, clock.GetUtcNow());
        var credential = await db.Credentials.SingleOrDefaultAsync(credential => credential.FromSettings, ct);
        if (credential is null)
        {
            var admin = new StaffMember { FullName = "Administrator", Role = Role.Admin, AddedAt = now };
            db.Add(admin);
            await db.SaveChangesAsync(ct);
            db.Add(new Credential
            {
                Login = login,
                PasswordHash = Passwords.Hasher.HashPassword(Passwords.Nobody, password),
                StaffId = admin.Id,
                FromSettings = true,
                CreatedAt = now,
                ChangedAt = now,
            });
            return;
        }

        var verified = Passwords.Hasher.VerifyHashedPassword(Passwords.Nobody, credential.PasswordHash, password);
        if (verified != PasswordVerificationResult.Success)
        {
            credential.PasswordHash = Passwords.Hasher.HashPassword(Passwords.Nobody, password);
        }

        // A password that only needs a stronger hash is the same password.
        if (verified == PasswordVerificationResult.Failed || credential.Login != login)
        {
            (credential.Login, credential.ChangedAt) = (login, now);
            await TokenFamily.RevokeAllOf(credential.StaffId, Revocation.PasswordChanged, db, now, ct);
            LogAdminChanged();
        }
    }

    /// <summary>Keys are unique: one that goes from a bot to the other leaves the one before the other gets it.</summary>
    private async Task TakeBackMovedKeys(UsersDb db, CancellationToken ct)
    {
        var (client, barista) = (BotKey.Hash(settings.Value.ClientBotKey), BotKey.Hash(settings.Value.BaristaBotKey));
        await db.Database.ExecuteSqlAsync(
            $"""
            update bot_keys set key_hash = sha256(uuid_send(gen_random_uuid()))
            where (name = {ClientBot} and key_hash = {barista}) or (name = {BaristaBot} and key_hash = {client})
            """, ct);
    }

    private async Task SetBotKey(UsersDb db, string bot, string value, Role highest, CancellationToken ct)
    {
        var (hash, now) = (BotKey.Hash(value), clock.GetUtcNow());
        var key = await db.BotKeys.SingleOrDefaultAsync(key => key.Name == bot, ct);
        if (key is null)
        {
            db.Add(new BotKey { Name = bot, KeyHash = hash, HighestRole = highest, CreatedAt = now, ChangedAt = now });
        }
        else if (!key.KeyHash.SequenceEqual(hash))
        {
            (key.KeyHash, key.ChangedAt) = (hash, now);
            LogBotKeyChanged(key.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The admin's login or password has changed in the settings; his sign-ins of before are ended.")]
    private partial void LogAdminChanged();

    [LoggerMessage(Level = LogLevel.Information, Message = "The key of {Bot} has changed in the settings; the old one is refused.")]
    private partial void LogBotKeyChanged(string bot);
}
