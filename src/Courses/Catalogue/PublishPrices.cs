using Microsoft.EntityFrameworkCore;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Catalogue;

/// <summary>For <c>resync</c>: publishes every course's current state. Consumers that already have that version ignore it.</summary>
internal static class PublishPrices
{
    private const int BatchSize = 500;

    public static async Task<long> Run(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<CoursesDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var (published, after) = (0L, 0L);
        while (true)
        {
            var courses = await db.Rows<Course>($"where id > {after} order by id limit {BatchSize}").AsNoTracking().ToListAsync(ct);
            if (courses is not [.., var last])
            {
                return published;
            }

            foreach (var course in courses)
            {
                outbox.Add(course.ToPricedEvent());
            }

            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
            (published, after) = (published + courses.Count, last.Id.Value);
        }
    }
}
