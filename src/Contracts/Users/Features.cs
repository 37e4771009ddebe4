namespace Platform.Contracts.Users;

/// <summary>What can be switched on and off at run time. All of it is off in a new installation: the owner opens it stage by stage.</summary>
public static class Features
{
    /// <summary>Premium membership can be bought.</summary>
    public const string Payments = "payments";

    /// <summary>Member cards have a QR code, and the staff can check it.</summary>
    public const string Qr = "qr";

    /// <summary>An admin may give away 30 days of premium at once and no more.</summary>
    public const string AdminLimits = "admin_limits";
}
