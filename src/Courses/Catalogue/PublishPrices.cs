using Microsoft.EntityFrameworkCore;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Catalogue;

/// <summary>
/// Tells of every course again as it is now, for a consumer that was added later. One that knows it ignores it by its
/// version.
/// </summary>
internal static class PublishPrices
{
    private const int AtOnce = 500;

    public static async Task<long> Run(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<CoursesDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var (published, after) = (0L, 0L);
        while (true)
        {
            var courses = await db.Rows<Course>($"where id > {after} order by id limit {AtOnce}").AsNoTracking().ToListAsync(ct);
            if (courses is not [.., var last])
            {
                return published;
            }

            foreach (var course in courses)
            {
                outbox.Add(course.Priced());
            }

            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
            (published, after) = (published + courses.Count, last.Id.Value);
        }
    }
}
