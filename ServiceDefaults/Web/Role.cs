namespace Platform.ServiceDefaults.Web;

/// <summary>What a caller may do. Ordered: a higher role may do what a lower one may.</summary>
public enum Role
{
    /// <summary>Someone whose Telegram account or e-mail address is proven and who has not registered.</summary>
    Guest,

    /// <summary>A registered person.</summary>
    Client,

    Staff,

    Admin,

    /// <summary>Another service of the platform, on its own behalf.</summary>
    Service,
}
