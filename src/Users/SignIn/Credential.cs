using Platform.Contracts;

namespace Platform.Users.SignIn;

/// <summary>A login and a password.</summary>
internal sealed class Credential
{
    public long Id { get; private init; }

    /// <summary>Normalized by <see cref="Normalize"/>.</summary>
    public required string Login { get; set; }

    /// <summary>PBKDF2 in the format of ASP.NET Core's password hasher, which includes its parameters.</summary>
    public required string PasswordHash { get; set; }

    public required StaffId StaffId { get; init; }

    /// <summary>Whether login and password come from <c>ADMIN_LOGIN</c> and <c>ADMIN_PASSWORD</c>.</summary>
    public bool FromSettings { get; init; }

    /// <summary><see cref="UsersOptions.AccountsVersion"/> of the settings in force; null until a start has recorded one.</summary>
    public int? SettingsVersion { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When login or password last changed.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Logins ignore case.</summary>
    public static string Normalize(string login) => login.ToLowerInvariant();
}
