namespace Platform.ServiceDefaults.Web;

/// <summary>A caller's role. A higher role may do everything that a lower one may.</summary>
public enum Role
{
    /// <summary>Someone with a verified Telegram account or e-mail address who has not registered.</summary>
    Guest,

    /// <summary>A registered person.</summary>
    Client,

    Staff,

    Admin,

    /// <summary>Another service of the platform, on its own behalf.</summary>
    Service,
}
