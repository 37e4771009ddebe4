using Microsoft.EntityFrameworkCore;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Switches;

/// <summary>For <c>resync</c>: tells of every switch again. Whoever knows ignores it by its version.</summary>
internal static class PublishSwitches
{
    public static async Task<long> Run(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<UsersDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var known = await db.FeatureSwitches.AsNoTracking().ToListAsync(ct);
        foreach (var feature in known)
        {
            outbox.Add(feature.Switched());
        }

        await db.SaveChangesAsync(ct);
        return known.Count;
    }
}
