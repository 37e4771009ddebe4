using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.Staff;

/// <summary>Somebody who works here. Whoever left keeps his row, because orders and the audit go on naming him.</summary>
internal sealed class StaffMember
{
    public StaffId Id { get; private init; }

    /// <summary>Null for the admin of the settings, who signs in with a password.</summary>
    public TelegramId? TelegramId { get; private init; }

    public required string FullName { get; init; }

    /// <summary><see cref="Role.Staff"/> or <see cref="Role.Admin"/>.</summary>
    public required Role Role { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Tokens carry it; those with a lower one are refused.</summary>
    public long Version { get; private set; } = 1;

    public void Remove(DateTimeOffset at)
    {
        RemovedAt = at;
        EndTokens();
    }

    /// <summary>Every access token from before is good for nothing, once the services have heard of the version.</summary>
    public void EndTokens() => Version++;
}
