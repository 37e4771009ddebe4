using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Users.Storage;

namespace Platform.Users.Switches;

/// <summary>The current state of all switches: see <see cref="Features"/>.</summary>
/// <param name="Payments">Whether premium membership can be bought.</param>
/// <param name="Qr">Whether member cards have a QR code.</param>
/// <param name="AdminLimits">Whether an admin may give away at most 30 days of premium at once.</param>
public sealed record Switches(bool Payments, bool Qr, bool AdminLimits)
{
    internal static readonly Switches Example = new(Payments: true, Qr: true, AdminLimits: false);

    internal IEnumerable<(string Feature, bool IsOn)> ByName =>
        [(Features.Payments, Payments), (Features.Qr, Qr), (Features.AdminLimits, AdminLimits)];

    internal static async Task<Switches> Read(UsersDb db, CancellationToken ct)
    {
        var on = await db.FeatureSwitches.Where(known => known.IsOn).Select(known => known.Feature).ToHashSetAsync(ct);
        return new Switches(on.Contains(Features.Payments), on.Contains(Features.Qr), on.Contains(Features.AdminLimits));
    }
}
