using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Switches;

/// <summary>Switches everything on for the demo, except features that the owner has already switched.</summary>
internal static class DemoSwitches
{
    public static async Task<long> SwitchOn(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<UsersDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var known = await db.FeatureSwitches.Select(feature => feature.Feature).ToListAsync(ct);
        string[] untouched = [.. new[] { Features.Payments, Features.Qr, Features.AdminLimits }.Except(known)];
        foreach (var feature in untouched)
        {
            await SwitchFeatures.Set(feature, isOn: true, db, outbox, now, ct);
        }

        await db.SaveChangesAsync(ct);
        return untouched.Length;
    }
}
