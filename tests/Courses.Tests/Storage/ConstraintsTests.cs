using Npgsql;

namespace Platform.Courses.Tests.Storage;

/// <summary>The database's own constraints.</summary>
public sealed class ConstraintsTests(CoursesApp app) : IClassFixture<CoursesApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("insert into courses (title, description, category, price, created_at, updated_at) values ('К', '', 'manicure', -1, 'epoch', 'epoch')", "ck_courses_price")]
    [InlineData("insert into courses (title, description, category, created_at, updated_at) values ('К', '', 'hair', 'epoch', 'epoch')",
        "courses_category_fkey")]
    [InlineData("insert into lessons (course_id, title, \"order\", created_at) values (0, 'У', 1, 'epoch')", "lessons_course_id_fkey")]
    [InlineData("insert into lessons (course_id, title, \"order\", created_at) select course_id, 'У', \"order\", 'epoch' from lessons limit 1",
        "ix_lessons_course_order")]
    [InlineData("insert into user_courses (user_id, course_id, source, purchased_at) select user_id, course_id, 'gift', 'epoch' from user_courses limit 1", "ix_user_courses_live")]
    [InlineData("update user_courses set source = 'luck'", "ck_user_courses_source")]
    [InlineData("update user_courses set is_completed = true", "ck_user_courses_completed")]
    [InlineData("update user_courses set ended_at = purchased_at - interval '1 second'", "ck_user_courses_ended_at")]
    [InlineData("insert into user_progress (user_id, lesson_id) select user_id, lesson_id from user_progress limit 1", "user_progress_%_user_id_lesson_id_key")]
    [InlineData("update user_progress set completed = not completed", "ck_user_progress_completed")]
    [InlineData("update user_progress set watch_time = -1", "ck_user_progress_watch_time")]
    [InlineData("update learners set erased = true", "ck_learners_erased")]
    public async Task The_database_refuses_invalid_rows(string sql, string constraint)
    {
        var (course, learner) = (await app.GivenCourse(lessons: 1), await app.GivenLearner());
        await app.GivenEnrolled(learner, course);
        await app.GivenCompleted(learner, new((await app.LessonsOf(course))[0]));

        await using var connection = await app.Database.Open(app.Database.Service("courses")).OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct));

        // On a partitioned table the error names the partition's constraint.
        refused.ConstraintName.ShouldNotBeNull(refused.Message);
        var parts = constraint.Split('%');
        refused.ConstraintName.ShouldStartWith(parts[0]);
        refused.ConstraintName.ShouldEndWith(parts[^1]);
    }
}
