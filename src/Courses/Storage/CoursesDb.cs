using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using Platform.Contracts;
using Platform.Courses.Access;
using Platform.Courses.Catalogue;
using Platform.Courses.Learners;
using Platform.Courses.Lessons;
using Platform.ServiceDefaults;

namespace Platform.Courses.Storage;

internal sealed class CoursesDb(DbContextOptions<CoursesDb> options) : PlatformDb(options, "courses")
{
    public DbSet<Category> Categories => Set<Category>();

    public DbSet<Course> Courses => Set<Course>();

    public DbSet<Lesson> Lessons => Set<Lesson>();

    public DbSet<UserCourse> UserCourses => Set<UserCourse>();

    public DbSet<UserProgress> Progress => Set<UserProgress>();

    public DbSet<Learner> Learners => Set<Learner>();

    /// <summary>The person's live access.</summary>
    public IQueryable<UserCourse> LiveAccess(UserId userId, DateTimeOffset now) =>
        UserCourses.Where(access => access.UserId == userId && access.EndedAt == null && (access.ExpiresAt == null || access.ExpiresAt > now));

    /// <summary>Locks a course and its list of lessons until the transaction ends.</summary>
    public async Task<Course?> LockCourse(CourseId id, CancellationToken ct)
    {
        var found = await Rows<Course>($"where id = {id.Value} for update").ToListAsync(ct);
        return found is [var course] ? course : null;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Category>().HasKey(category => category.Slug);
        modelBuilder.Entity<Course>().Property<NpgsqlTsVector>(CourseSearch.Column).ValueGeneratedOnAddOrUpdate();
        modelBuilder.Entity<Lesson>();
        modelBuilder.Entity<UserCourse>();
        modelBuilder.Entity<UserProgress>(progress =>
        {
            progress.ToTable("user_progress");
            progress.HasKey(p => new { p.UserId, p.Id });
        });
        modelBuilder.Entity<Learner>().HasKey(learner => learner.UserId);
    }
}
