using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.Staff;

/// <summary>Someone who works here. The row stays after they leave, because orders and the audit refer to it.</summary>
internal sealed class StaffMember
{
    public StaffId Id { get; private init; }

    /// <summary>Null for the admin from the settings, who signs in with a password.</summary>
    public TelegramId? TelegramId { get; private init; }

    public required string FullName { get; init; }

    /// <summary><see cref="Role.Staff"/> or <see cref="Role.Admin"/>.</summary>
    public required Role Role { get; init; }

    /// <summary>What they may do as <see cref="Role.Staff"/>; an admin may do everything.</summary>
    public StaffRole StaffRole { get; private set; }

    /// <summary>The right to write to all guests at once.</summary>
    public bool Broadcast { get; private set; }

    public required DateTimeOffset AddedAt { get; init; }

    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Tokens carry it; tokens with a lower version are refused.</summary>
    public long Version { get; private set; } = 1;

    public void Remove(DateTimeOffset at)
    {
        RemovedAt = at;
        RevokeTokens();
    }

    /// <returns>False when they have these rights already.</returns>
    public bool ChangeRights(StaffRole role, bool broadcast)
    {
        if ((StaffRole, Broadcast) == (role, broadcast))
        {
            return false;
        }

        (StaffRole, Broadcast) = (role, broadcast);
        RevokeTokens();
        return true;
    }

    /// <summary>Invalidates earlier access tokens, once the services have received the new version.</summary>
    public void RevokeTokens() => Version++;
}
