using Microsoft.EntityFrameworkCore;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Switches;

/// <summary>For <c>resync</c>: publishes every switch again. Consumers that already have that version ignore it.</summary>
internal static class PublishSwitches
{
    public static async Task<long> Run(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<UsersDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var known = await db.FeatureSwitches.AsNoTracking().ToListAsync(ct);
        foreach (var feature in known)
        {
            outbox.Add(feature.ToEvent());
        }

        await db.SaveChangesAsync(ct);
        return known.Count;
    }
}
