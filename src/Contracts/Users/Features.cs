namespace Platform.Contracts.Users;

/// <summary>Features that can be switched on and off at run time. A new installation starts with all of them off.</summary>
public static class Features
{
    /// <summary>Premium membership can be bought.</summary>
    public const string Payments = "payments";

    /// <summary>Member cards have a QR code that the staff can check.</summary>
    public const string Qr = "qr";

    /// <summary>Limits an admin to giving away 30 days of premium at once.</summary>
    public const string AdminLimits = "admin_limits";
}
