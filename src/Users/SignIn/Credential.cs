using Platform.Contracts;

namespace Platform.Users.SignIn;

/// <summary>A login and a password.</summary>
internal sealed class Credential
{
    public long Id { get; private init; }

    /// <summary>As <see cref="Normalize"/> gives it.</summary>
    public required string Login { get; set; }

    /// <summary>PBKDF2, in the format of ASP.NET Core's own password hasher, which carries its parameters.</summary>
    public required string PasswordHash { get; set; }

    public required StaffId StaffId { get; init; }

    /// <summary>The one whose login and password are what <c>ADMIN_LOGIN</c> and <c>ADMIN_PASSWORD</c> say at each start.</summary>
    public bool FromSettings { get; init; }

    /// <summary><see cref="UsersOptions.AccountsVersion"/> of the settings in force; null until a start has put one down.</summary>
    public int? SettingsVersion { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When login or password last changed.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Logins differ by more than their case.</summary>
    public static string Normalize(string login) => login.ToLowerInvariant();
}
