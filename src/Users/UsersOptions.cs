using System.ComponentModel.DataAnnotations;

namespace Platform.Users;

public sealed class UsersOptions
{
    public const string Section = "Users";

    /// <summary>Attempts to register that one person has in a minute, over all replicas.</summary>
    [Range(1, 10_000)]
    public int RegistrationsPerMinute { get; set; } = 5;

    /// <summary>
    /// Raised by an owner who goes back to an earlier login, password or bot's key: replicas that start with a lower one change nothing.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int AccountsVersion { get; set; }

    /// <summary>Attempts to sign in with a password that one network has in a minute, over all replicas.</summary>
    [Range(1, 10_000)]
    public int LoginsPerMinute { get; set; } = 10;

    /// <summary>Codes that are sent to one mailbox in an hour, over all replicas.</summary>
    [Range(1, 10_000)]
    public int CodesPerMailbox { get; set; } = 5;

    /// <summary>Codes that are sent to one mailbox in 24 hours, over all replicas.</summary>
    [Range(1, 10_000)]
    public int CodesPerMailboxADay { get; set; } = 15;

    /// <summary>Codes that one network address, or one person for whom a bot asks, may have sent in an hour, over all replicas.</summary>
    [Range(1, 10_000)]
    public int CodesPerAddress { get; set; } = 20;

    /// <summary>Codes, right or wrong, that one network address, or one person for whom a bot asks, may sign in with in an hour, over all replicas.</summary>
    [Range(1, 10_000)]
    public int CodeTriesPerAddress { get; set; } = 20;

    /// <summary>Attempts to recover an account that one Telegram account has in an hour, over all replicas.</summary>
    [Range(1, 10_000)]
    public int RecoveriesPerHour { get; set; } = 5;

    /// <summary>Version of the consent text that people are shown, one of those in <c>Texts</c>; kept with each consent.</summary>
    [Required, StringLength(50)]
    public string ConsentText { get; set; } = "2026-11";

    /// <summary>Whose habits numbers are typed in when they begin with no country code: two letters of ISO 3166.</summary>
    [Required, StringLength(2, MinimumLength = 2)]
    public string PhoneRegion { get; set; } = "RU";
}
