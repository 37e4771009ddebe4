using System.ComponentModel.DataAnnotations;

namespace Platform.Users;

public sealed class UsersOptions
{
    public const string Section = "Users";

    /// <summary>Registration attempts per person and minute, across all replicas.</summary>
    [Range(1, 10_000)]
    public int RegistrationsPerMinute { get; set; } = 5;

    /// <summary>Raise it to go back to an earlier login, password or bot key: replicas that start with a lower version change nothing.</summary>
    [Range(0, int.MaxValue)]
    public int AccountsVersion { get; set; }

    /// <summary>Password sign-in attempts per network and minute, across all replicas.</summary>
    [Range(1, 10_000)]
    public int LoginsPerMinute { get; set; } = 10;

    /// <summary>Codes sent to one mailbox per hour, across all replicas.</summary>
    [Range(1, 10_000)]
    public int CodesPerMailbox { get; set; } = 5;

    /// <summary>Codes sent to one mailbox in 24 hours, across all replicas.</summary>
    [Range(1, 10_000)]
    public int CodesPerMailboxADay { get; set; } = 15;

    /// <summary>Codes requested per hour by one network, or by one person through a bot, across all replicas.</summary>
    [Range(1, 10_000)]
    public int CodesPerAddress { get; set; } = 20;

    /// <summary>Codes tried per hour, right or wrong, by one network, or by one person through a bot, across all replicas.</summary>
    [Range(1, 10_000)]
    public int CodeTriesPerAddress { get; set; } = 20;

    /// <summary>Recovery attempts per Telegram account and hour, across all replicas.</summary>
    [Range(1, 10_000)]
    public int RecoveriesPerHour { get; set; } = 5;

    /// <summary>Version of the consent text that people are shown, one of those in <c>Texts</c>; stored with each consent.</summary>
    [Required, StringLength(50)]
    public string ConsentText { get; set; } = "2026-11";

    /// <summary>Region whose rules apply to phone numbers without a country code: two letters of ISO 3166.</summary>
    [Required, StringLength(2, MinimumLength = 2)]
    public string PhoneRegion { get; set; } = "RU";
}
